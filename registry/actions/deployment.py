"""How this installation handles dates."""

from django.db import transaction

from registry.actions import audit
from registry.errors import IllegalTransition
from registry.models import Case, Deployment
from registry.models.scope import as_statistics
from registry.permissions import Actor, check_administer_registry


def set_privacy_mode(mode: str, *, by: Actor, via: str) -> Deployment:
    """Months (`limited_data_set`) or years alone (`safe_harbor`) are kept from now on.

    Raises `IllegalTransition` once cases exist: their months would first have to be made years.
    """
    check_administer_registry(by)
    with transaction.atomic():
        deployment = Deployment.objects.select_for_update().get()
        if deployment.privacy_mode != mode and _any_case():
            raise IllegalTransition(
                "Cases are recorded already. The privacy mode is chosen before the first one.", "cases-exist"
            )
        deployment.privacy_mode = mode
        deployment.full_clean()
        deployment.save(update_fields=["privacy_mode"])
        audit.record("deployment.set_privacy_mode", by=by, via=via, site=None, subject=deployment)
    return deployment


def _any_case() -> bool:
    with as_statistics():
        return Case.objects.exists()
