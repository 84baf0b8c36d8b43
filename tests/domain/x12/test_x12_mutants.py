"""Files broken on purpose are read or refused with a reason, whatever was done to them; `bench fuzz` reads 100,000."""

from bench.fuzzing.mutants import MUTATIONS, mutant
from bench.fuzzing.reading import DRAWINGS, READERS
from domain.x12.errors import Unreadable

COUNT = 160


def test_no_mutant_makes_any_reader_crash() -> None:
    kinds: set[str] = set()
    refusals: list[Unreadable] = []
    for number in range(COUNT):
        names, data = mutant(number)
        kinds.update(names.split("+"))
        for reader in (*READERS.values(), *(DRAWINGS.values() if number % 4 == 0 else ())):
            try:
                reader(data)
            except Unreadable as refusal:
                refusals.append(refusal)
    assert kinds == set(MUTATIONS) and COUNT / 10 < len(refusals) < COUNT * len(READERS) / 2
    assert all(one.code and one.title and one.what_to_do for one in refusals)


def test_a_mutant_follows_from_its_number() -> None:
    assert [mutant(number) for number in range(50)] == [mutant(number) for number in range(50)]
    assert len({mutant(number)[1] for number in range(200)}) > 190
