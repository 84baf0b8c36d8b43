"""Who was responsible for the patient, who operated, who rendered."""

from collections.abc import Iterator

from domain.claims.institutional import InstitutionalClaim
from domain.claims.model import Provider
from domain.claims.rules.finding import Family, Rule, ScrubContext, Severity
from domain.clientele import is_npi, is_taxonomy
from domain.codes.institutional import TRANSPORT_GROUP

# The rendering and the referring provider are judged by the rules that all claims share.
_OWN_ROLES = ("attending", "operating", "other_operating")


def _named(claim: InstitutionalClaim) -> Iterator[tuple[str, Provider]]:
    for role in _OWN_ROLES:
        provider = getattr(claim.facts, role)
        if provider is not None:
            yield f"facts.{role}", provider


def _attending_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    lines = claim.facts.lines
    only_transport = bool(lines) and all(line.revenue_code.startswith(TRANSPORT_GROUP) for line in lines)
    if claim.facts.attending is None and not only_transport:
        yield "facts.attending"


def _attending_npi_invalid(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    attending = claim.facts.attending
    if attending is not None and not is_npi(attending.npi):
        yield "facts.attending.npi"


def _operating_npi_invalid(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    for path, provider in _named(claim):
        if path != "facts.attending" and not is_npi(provider.npi):
            yield f"{path}.npi"


def _name_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    return (f"{path}.last_name" for path, provider in _named(claim) if not provider.last_name.strip())


def _taxonomy_malformed(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    attending = claim.facts.attending
    if attending is not None and attending.taxonomy.strip() and not is_taxonomy(attending.taxonomy):
        yield "facts.attending.taxonomy"


def _attending_is_billing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.attending is not None and claim.facts.attending.npi == claim.billing.npi:
        yield "facts.attending.npi"


def _operating_missing(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.principal_procedure is not None and claim.facts.operating is None:
        yield "facts.operating"


def _other_operating_alone(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    if claim.facts.other_operating is not None and claim.facts.operating is None:
        yield "facts.operating"


def _rendering_is_attending(claim: InstitutionalClaim, context: ScrubContext) -> Iterator[str]:
    attending, rendering = claim.facts.attending, claim.facts.rendering
    if attending is not None and rendering is not None and attending.npi == rendering.npi:
        yield "facts.rendering.npi"


_E, _W, _F = Severity.ERROR, Severity.WARNING, Family.INSTITUTIONAL

RULES: tuple[Rule[InstitutionalClaim], ...] = (
    Rule(
        "CL-INS-069",
        _F,
        _E,
        "A claim names the attending provider, unless it is for transport alone.",
        "Enter who was responsible for the patient's care.",
        "X223A2 2310A NM1*71; Medicare Claims Processing Manual ch. 25 §75.6 (FL 76)",
        _attending_missing,
    ),
    Rule(
        "CL-INS-070",
        _F,
        _E,
        "The attending provider has a valid NPI.",
        "Enter the ten digits of the attending provider's NPI; one of them is wrong or missing.",
        "X223A2 2310A NM109; 45 CFR 162.406",
        _attending_npi_invalid,
    ),
    Rule(
        "CL-INS-071",
        _F,
        _E,
        "The operating providers have valid NPIs.",
        "Enter the ten digits of this provider's NPI; one of them is wrong or missing.",
        "X223A2 2310B, 2310C NM109; 45 CFR 162.406",
        _operating_npi_invalid,
    ),
    Rule(
        "CL-INS-072",
        _F,
        _E,
        "Attending and operating providers have a last name.",
        "Enter the provider's last name.",
        "X223A2 2310A, 2310B, 2310C NM103",
        _name_missing,
    ),
    Rule(
        "CL-INS-073",
        _F,
        _E,
        "The attending provider's taxonomy code has ten characters and ends in X.",
        "Enter the ten characters of the taxonomy code.",
        "X223A2 2310A PRV03; NUCC code format",
        _taxonomy_malformed,
    ),
    Rule(
        "CL-INS-074",
        _F,
        _W,
        "The attending provider is a person, not the facility.",
        "Enter the NPI of the person who attended, not that of the facility.",
        "X223A2 2310A NM109; Medicare Claims Processing Manual ch. 25 §75.6 (FL 76)",
        _attending_is_billing,
    ),
    Rule(
        "CL-INS-075",
        _F,
        _W,
        "A claim with an inpatient procedure names who operated.",
        "Enter who performed the principal procedure, if it was surgery.",
        "X223A2 2310B NM1*72; Medicare Claims Processing Manual ch. 25 §75.6 (FL 77)",
        _operating_missing,
    ),
    Rule(
        "CL-INS-076",
        _F,
        _E,
        "Another operating provider comes with the operating one.",
        "Enter the operating provider first.",
        "X223A2 2310C NM1*ZZ",
        _other_operating_alone,
    ),
    Rule(
        "CL-INS-077",
        _F,
        _W,
        "A rendering provider differs from the attending one.",
        "Leave the rendering provider empty when it is the attending one.",
        "X223A2 2310D NM1 (situational rule)",
        _rendering_is_attending,
    ),
)
