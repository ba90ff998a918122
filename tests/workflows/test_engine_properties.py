"""Whatever people try, in whatever order and under whatever facts: what must hold of the engine.

Every run starts somewhere on a real path, drawn at random, so that late states are tried as often as early.
"""

from itertools import product

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from workflows import schema
from workflows.engine import Actor, Refused, fire, offers
from workflows.facts import FACTS
from workflows.guards import GUARDS

worlds = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in FACTS.items()})
people = st.sampled_from([1, 2, None])


def _good_input(typed, facts, actor):
    """`facts` with what is typed chosen so that the guards on it are met; None if nothing one types helps."""
    names = sorted({n for use in typed for n in GUARDS[use.name].reads if n.startswith("in_")})
    for values in product(*(FACTS[name] for name in names)):
        tried = {**facts, **dict(zip(names, values, strict=True))}
        if all(GUARDS[use.name].check(tried, actor, **use.params) is None for use in typed):
            return tried
    return None


class AnyCase(RuleBasedStateMachine):
    """A case that anybody tries anything on."""

    definition = schema.load("kcity-planning", 1)

    @initialize(data=st.data(), steps=st.integers(0, 40))
    def start_somewhere(self, data, steps):
        self.state = self.definition.initial
        for _ in range(steps):
            ways = [t for t in self.definition.leaving(self.state) if t.to]
            if not ways:
                break
            self.state = data.draw(st.sampled_from(ways)).to
        self.ended = self.definition.states[self.state].final

    @rule(data=st.data(), facts=worlds, person=people)
    def somebody_tries_something(self, data, facts, person):
        triggers = sorted({t.trigger for t in self.definition.transitions})
        trigger = data.draw(st.sampled_from(triggers))
        roles = data.draw(st.frozensets(st.sampled_from(sorted(self.definition.roles))))
        before, actor = self.state, Actor(person, roles)
        try:
            outcome = fire(self.definition, before, trigger, facts, actor)
        except Refused as refused:
            assert refused.reason.text.ko and refused.reason.text.en
            return
        drawn = self.definition.find(before, trigger)
        assert outcome.transition is drawn
        assert (outcome.from_state, outcome.to_state) == (before, drawn.to or before)
        assert actor.roles & set(drawn.who)
        assert outcome.facts.items() <= facts.items()
        assert set(outcome.facts) <= {fact for use in drawn.guards for fact in GUARDS[use.name].reads}
        self.state = outcome.to_state

    @rule(data=st.data(), facts=worlds, person=people)
    def what_is_offered_can_be_done_with_good_input(self, data, facts, person):
        roles = frozenset(data.draw(st.sets(st.sampled_from(sorted(self.definition.roles)), min_size=1)))
        actor = Actor(person, roles)
        for offer in offers(self.definition, self.state, facts, actor):
            assert offer.mine == bool(roles & set(offer.transition.who))
            typed = [use for use in offer.transition.guards if GUARDS[use.name].on_input]
            if offer.allowed:
                good = _good_input(typed, facts, actor)
                if good is not None:
                    assert fire(self.definition, self.state, offer.trigger, good, actor)
            else:
                with pytest.raises(Refused) as refused:
                    fire(self.definition, self.state, offer.trigger, facts, actor)
                if not typed:
                    assert refused.value.reason == offer.reason

    @rule(facts=worlds)
    def nobody_without_a_role_can_do_anything(self, facts):
        for transition in self.definition.leaving(self.state):
            with pytest.raises(Refused):
                fire(self.definition, self.state, transition.trigger, facts, Actor(1, frozenset()))

    @invariant()
    def the_state_is_always_known(self):
        assert self.state in self.definition.states

    @invariant()
    def what_has_ended_stays_ended_and_offers_nothing(self):
        if self.definition.states[self.state].final:
            everyone = Actor(1, frozenset(self.definition.roles))
            assert offers(self.definition, self.state, {}, everyone) == []
        else:
            assert not self.ended


class AnyDemonstration(AnyCase):
    """The same of the other definition."""

    definition = schema.load("kcity-demonstration", 1)


TestAnyCase = AnyCase.TestCase
TestAnyDemonstration = AnyDemonstration.TestCase
for case in (TestAnyCase, TestAnyDemonstration):
    case.settings = settings(
        max_examples=20,
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
del case
