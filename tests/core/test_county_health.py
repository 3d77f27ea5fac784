"""The health officer's merge: what is sealed stays sealed, consent withdrawn is erased, small counts are not shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.bundle.package import HealthContent, open_columns, sealed_columns
from eduplan_desktop.county import health
from eduplan_desktop.county.suppress import LEAST, lines_of, shown, small, suppressed
from eduplan_desktop.merge import ledger
from eduplan_desktop.merge.rederive import rederive_school
from eduplan_desktop.registers.catalog import register
from eduplan_desktop.store import compartments
from eduplan_desktop.store.journal import act
from tests.merge_world import PASSPHRASE, County, School, cells, required, uid

CHECKUP, CONSENT = register("checkup"), register("health_consent")
SECRET_WORD = "复查血压后再定"


@pytest.fixture
def county(tmp_path):
    made = County(tmp_path)
    with act(made.store, "health", "建立健康保险库") as a:
        compartments.make(a, "health", PASSPHRASE)
    made.opened = compartments.open_with(made.store, "health", PASSPHRASE)
    yield made
    made.close()


@pytest.fixture
def school(county, tmp_path):
    one = School(county, 1, tmp_path / "stick")
    county.enrol(one)
    return one


def part(people, groups=(), *, advice=SECRET_WORD, bad=False):
    """A health part of these persons (numbers); row n + 100 is the check-up of person n."""
    rows, sealed, results, consents = [], [], [], []
    for n in sorted(people):
        row = uid(100 + n)
        open_cells = required(CHECKUP, stat_year="2025", person=uid(n), state="X" if bad else "2")
        rows.append((row, *cells(CHECKUP, open_cells, open_columns(CHECKUP))))
        half = {"advice": f"{advice} {n}", "conclusion": "1"}
        sealed.append((row, *cells(CHECKUP, half, sealed_columns(CHECKUP, "health"))))
        results.append((row, "SBP", "128", "mmHg", "", "", ""))
        said = required(CONSENT, person=uid(n), names_county="1")
        consents.append((uid(200 + n), *cells(CONSENT, said, open_columns(CONSENT))))
    return HealthContent(rows, sealed, results, (), consents, [(i, w, str(c)) for i, w, c in groups])


def submit(school, content, counts=(40, 30, 10)):
    return school.submit(counts={"checkup/2025": counts}, health={"checkup/2025": content} if content else None)


def merge(county, keys=None):
    return health.merge(county.store, county.catalogs, county.opened, keys or [county.health])


def result(county, school):
    return ledger.of_school(county.store.conn, school.uid)[-1].results["checkup/2025"]


def halves(county):
    found = compartments.scan_sealed(county.store, county.opened, "checkup", school=None)
    return {row: values["advice"] for _school, row, values in found}


def test_held_until_its_officer_opens_it_then_merged_on_its_own(county, school):
    county.merge(submit(school, part([1, 2], [("SBP", "升高", 7)])))
    assert result(county, school).code == "held_health"
    done = merge(county)
    assert (done.merged, done.refused, done.same, done.rows) == (1, 0, 0, 2)
    assert result(county, school).code == ""
    assert halves(county) == {uid(101): f"{SECRET_WORD} 1", uid(102): f"{SECRET_WORD} 2"}
    held = health.body(county.store, county.opened, school.uid, "checkup/2025")
    assert [r["person"] for r in held["rows"]] == [uid(1), uid(2)]
    assert health.group_counts(county.store, county.opened, 2025) == {school.uid: {("SBP", "升高"): 7}}
    again = merge(county)
    assert (again.merged, again.same) == (0, 1)


def test_nothing_of_it_stands_in_clear(county, school):
    county.merge(submit(school, part([1, 2], [("SBP", "升高", 7)])))
    merge(county)
    county.store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = county.store.path.read_bytes()
    for word in (SECRET_WORD, "升高", "SBP"):
        assert word.encode() not in body
    assert county.rows("SELECT count(*) FROM checkup") == [(0,)]
    assert county.rows("SELECT count(*) FROM health_consent") == [(0,)]


def test_consent_withdrawn_erases_the_person(county, school):
    county.merge(submit(school, part([1, 2])))
    merge(county)
    county.merge(submit(school, part([2], advice="新的建议")))
    done = merge(county).parts[0]
    assert (done.new, done.changed, done.erased) == (0, 1, 1)
    assert halves(county) == {uid(102): "新的建议 2"}
    assert county.rows("SELECT person FROM person_key WHERE compartment = 'health'") == [(uid(2),)]


def test_person_of_another_year_keeps_the_key(county, school):
    county.merge(school.submit(counts={"checkup/2024": (1, 1, 0)}, health={"checkup/2024": part([1])}))
    county.merge(submit(school, part([2])))
    merge(county)
    county.merge(submit(school, part([])))
    merge(county)
    assert halves(county) == {uid(101): f"{SECRET_WORD} 1"}


def test_health_part_left_out_later_takes_everything_away(county, school):
    county.merge(submit(school, part([1], [("SBP", "升高", 7)])))
    merge(county)
    county.merge(submit(school, None, (40, 31, 9)))
    merge(county)
    assert halves(county) == {}
    assert health.group_counts(county.store, county.opened, 2025) == {}


def test_part_that_cannot_be_read_is_named_and_waits_on(county, school):
    county.merge(submit(school, part([1], bad=True)))
    done = merge(county)
    assert (done.merged, done.refused, done.parts[0].code) == (0, 1, "bad_rows")
    assert halves(county) == {}
    assert result(county, school).code == "held_health"
    county.merge(submit(school, part([1])))
    assert merge(county, [county.working]).parts[0].code == "cannot_open"
    assert merge(county).merged == 1


def test_last_bundle_counts_whatever_the_order(county, school):
    first, second = submit(school, part([1], advice="旧")), submit(school, part([1], advice="新"))
    county.merge(second)
    merge(county)
    county.merge(first)
    assert merge(county).merged == 0
    assert halves(county) == {uid(101): "新 1"}


def test_reread_leaves_health_as_it_was(county, school):
    county.merge(submit(school, part([1])))
    merge(county)
    with act(county.store, "reread", "重新读取", images=False) as a:
        rederive_school(county.desk, a, school.uid)
    assert halves(county) == {uid(101): f"{SECRET_WORD} 1"}
    assert merge(county).same == 1
    assert result(county, school).code == ""


def test_school_is_forgotten_as_a_whole(county, school):
    county.merge(submit(school, part([1, 2])))
    merge(county)
    with act(county.store, "forget", "重新读取", images=False) as a:
        health.forget_school(a, county.opened, school.uid)
    assert halves(county) == {}
    assert merge(county).merged == 1


GRIDS = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.lists(
        st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 9, 30]), min_size=size[1], max_size=size[1]),
        min_size=size[0],
        max_size=size[0],
    )
)


@given(GRIDS)
def test_no_small_cell_can_be_worked_out_from_what_is_shown(grid):
    rows, columns = [str(i) for i in range(len(grid))], [str(j) for j in range(len(grid[0]))]
    counts = {(rows[i], columns[j]): n for i, line in enumerate(grid) for j, n in enumerate(line)}
    hidden = suppressed(rows, columns, counts)
    assert all(n >= LEAST or n == 0 for cell, n in counts.items() if cell not in hidden)
    for line in lines_of(rows, columns):
        inside = [cell for cell in line if cell in hidden]
        if inside and len(inside) < len(line):
            assert len(inside) > 1
            assert sum(counts[c] for c in inside) >= LEAST
    texts = shown(rows, columns, counts)
    assert {cell for cell, text in texts.items() if text == "*"} == hidden


def test_nothing_small_means_nothing_hidden():
    assert suppressed(["a"], ["x", "y"], {("a", "x"): 5, ("a", "y"): 6}) == frozenset()


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [(0, 9, "*"), (1, 9, "*"), (4, 30, "*"), (5, 30, "5"), (28, 30, "*"), (30, 30, "*"), (5, 9, "*"), (0, 0, "")],
)
def test_single_count_beside_its_total(count, total, text):
    assert small(count, total) == text
