"""Care management: a patient's enrolment in a programme, from referral to the end of its last month."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.care.enrolling import advance_care, begin_care, decide_care, look_after_care
    from activities.enrolment_messages import EnrolmentInput
    from workflows.enrolling import Enrolling


@workflow.defn
class ProgrammeEnrolment(Enrolling):
    """Eligibility → initiating visit → consent → care plan → active, until the month of a revoked consent is over."""

    _begin = staticmethod(begin_care)
    _advance = staticmethod(advance_care)
    _look = staticmethod(look_after_care)
    _decide = staticmethod(decide_care)
    _code = "care_enrolment"

    @workflow.init
    def __init__(self, care: EnrolmentInput) -> None:
        super().__init__(care)

    @workflow.run
    async def run(self, care: EnrolmentInput) -> None:
        await self._until_it_ends()
