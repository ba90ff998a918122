"""The accounts of the demo, for its sign-in page only. They exist under KCITY_ENV=demo and nowhere else."""

from workflows.text import Text

DEMO_PASSWORD = "demo-only-2026"  # noqa: S105  (published on the page on purpose)
DEMO_ACCOUNTS = (
    ("applicant@kcity.test", Text("신청기관 (해외 도시)", "Applicant (a foreign city)")),
    ("company@kcity.test", Text("신청기관 (국내 주관기업)", "Applicant (a Korean lead company)")),
    ("officer@kcity.test", Text("담당관 (사무국)", "Officer (secretariat)")),
    ("evaluator1@kcity.test", Text("평가위원 (1부터 7까지)", "Evaluator (1 to 7)")),
    (
        "member01@kcity.test",
        Text("위원 (01부터 24까지, 01과 11은 공동위원장)", "Committee member (01 to 24; co-chairs 01, 11)"),
    ),
    ("clerk@kcity.test", Text("위원회 간사", "Committee clerk")),
    ("embassy@kcity.test", Text("의견 제출자 (재외공관)", "Opinion-giver (diplomatic mission)")),
    ("ministry@kcity.test", Text("의견 제출자 (관계 부처)", "Opinion-giver (ministry)")),
    ("localgov@kcity.test", Text("의견 제출자 (지방자치단체)", "Opinion-giver (local government)")),
    ("minister@kcity.test", Text("장관 (결정권자)", "Minister (decides)")),
    ("auditor@kcity.test", Text("감사 담당자", "Auditor")),
    ("admin@kcity.test", Text("시스템 관리자", "Administrator")),
)
