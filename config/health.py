"""Three questions of whoever watches the machines; they need no account and no allowed host name.

/livez           does this process answer (nothing else is asked)
/readyz          does the database answer, with every migration applied
/healthz/worker  did the background strike its heart-beat lately
"""

from collections.abc import Callable

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from config.errors import RETRY_AFTER_SECONDS
from registry.models import Heartbeat

WORKER_SILENT_AFTER_SECONDS = 60.0


class HealthMiddleware:
    """Answers the probes before any other middleware can refuse them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        if request.path == "/livez":
            return JsonResponse({"status": "ok"})
        if request.path == "/readyz":
            return self._said(self._ready)
        if request.path == "/healthz/worker":
            return self._said(_worker)
        return self.get_response(request)

    def _said(self, question: Callable[[], tuple[bool, dict[str, object]]]) -> JsonResponse:
        try:
            good, facts = question()
        except Error as away:
            connection.close()
            good, facts = False, {"database": type(away).__name__}
        answer = JsonResponse({"status": "ok" if good else "not ready", **facts}, status=200 if good else 503)
        answer["Cache-Control"] = "no-store"
        if not good:
            answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer

    def _ready(self) -> tuple[bool, dict[str, object]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not self.migrated:
            # Once applied they stay so: asked again only while some are missing.
            executor = MigrationExecutor(connection)
            missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
            self.migrated = not missing
            return self.migrated, {"database": "ok", "migrations_missing": len(missing)}
        return True, {"database": "ok", "migrations_missing": 0}


def _worker() -> tuple[bool, dict[str, object]]:
    last = Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()
    if last is None:
        return False, {"worker": "never seen"}
    age = (timezone.now() - last).total_seconds()
    return age < WORKER_SILENT_AFTER_SECONDS, {"worker_age_seconds": round(age, 1)}
