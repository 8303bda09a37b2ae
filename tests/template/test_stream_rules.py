"""What the local cloud does with a stream batch that failed, told as AWS does it."""

import unittest

import deployed  # noqa: F401  (makes infra/local importable)

from repairs.stream_rules import Retry, Rules, Step, first_failure, next_step

RULES = Rules(bisect=True, retries=5)
FIRST = Retry()


class NextStep(unittest.TestCase):
    def test_a_batch_that_went_well_is_done(self):
        self.assertEqual(next_step(10, None, FIRST, RULES), Step(advance=10))

    def test_records_before_the_first_failure_are_done(self):
        self.assertEqual(next_step(10, 4, FIRST, RULES), Step(advance=4, retry=Retry(0, 3)))

    def test_a_batch_is_halved_without_using_up_an_attempt(self):
        self.assertEqual(next_step(9, 0, Retry(2), RULES), Step(advance=0, retry=Retry(2, 5)))

    def test_a_single_record_is_tried_six_times_and_then_parked(self):
        retry, delivered = FIRST, 0
        while retry:
            delivered += 1
            step = next_step(1, 0, retry, RULES)
            retry = step.retry
        self.assertEqual(delivered, 6)
        self.assertEqual(step, Step(advance=1, parked=(0, 1)))

    def test_without_bisecting_the_whole_rest_is_parked(self):
        step = next_step(10, 0, Retry(5), Rules(bisect=False, retries=5))
        self.assertEqual(step, Step(advance=10, parked=(0, 10)))

    def test_progress_begins_the_count_again(self):
        step = next_step(3, 2, Retry(5), RULES)
        self.assertEqual(step, Step(advance=2, retry=Retry(1, 1)))

    def test_without_a_limit_nothing_is_ever_parked(self):
        step = next_step(1, 0, Retry(10_000), Rules(bisect=True, retries=-1))
        self.assertIsNone(step.parked)


class FirstFailure(unittest.TestCase):
    def test_is_the_lowest_reported_record(self):
        answer = {"batchItemFailures": [{"itemIdentifier": "3"}, {"itemIdentifier": "2"}]}
        self.assertEqual(first_failure(["1", "2", "3"], answer), 1)

    def test_is_none_when_nothing_is_reported(self):
        for answer in (None, {}, {"batchItemFailures": []}, "not json", b'{"batchItemFailures": []}'):
            with self.subTest(answer=answer):
                self.assertIsNone(first_failure(["1"], answer))

    def test_of_an_unknown_record_is_the_whole_batch(self):
        answer = '{"batchItemFailures": [{"itemIdentifier": "9"}]}'
        self.assertEqual(first_failure(["1", "2"], answer), 0)


if __name__ == "__main__":
    unittest.main()
