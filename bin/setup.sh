# Sourced by bin/serve and bin/test: finds a Python, makes .venv and installs a locked set of packages into it.
# install_locked FILE installs only when FILE has changed since the last time.

find_python() {
    local name
    for name in python3.11 python3 python3.12 python3.13 python3.14; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    echo "K-City Casework needs Python 3.11 or newer with its venv module." >&2
    return 1
}

install_locked() {
    local lock=$1 stamp=".venv/.installed-$1" sum
    sum=$(cksum <"$lock")
    if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ]; then
        return
    fi
    echo "Setting up ($lock) ..." >&2
    if [ ! -x .venv/bin/python ]; then
        "$(find_python)" -m venv .venv
    fi
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --requirement "$lock"
    printf '%s\n' "$sum" >"$stamp"
}
