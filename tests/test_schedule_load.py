"""The simulation behind docs/scaling.md: it loses no document, and finds the peaks."""

from datetime import date

import pytest

from bench import schedule_load

CASES = {case.name: case for case in schedule_load.CASES}


@pytest.mark.parametrize("name", CASES)
def test_everybody_gets_a_document_each_month(name):
    counts = schedule_load.count_by_day(CASES[name], 31 * 28)
    documents = 12 * 31 * 28
    if CASES[name].to_workday:  # New Year's Eve of one year, not of two, may move out
        assert sum(counts.values()) == pytest.approx(documents, rel=0.01)
        assert {day.weekday() for day in counts} == set(range(5))
    else:
        assert sum(counts.values()) == pytest.approx(documents)


def test_the_end_of_february_gets_what_it_lacks():
    counts = schedule_load.count_by_day(
        CASES["by the day of enrolment, 1st to 31st"], 31
    )
    assert counts[date(2027, 2, 28)] == pytest.approx(4)
    assert max(counts.values()) == pytest.approx(4)


def test_hosts_for_the_busiest_day():
    row = schedule_load.get_row(
        CASES["all on the 1st"], 10_000_000, seconds=0.25, hours=8, cores=16
    )
    assert row["documents"] == "10,000,000"
    assert (row["cores"], row["hosts of 16 cores"]) == ("87", "6")
