"""Who may call: whoever logs in; a key must also carry the scope that the view names."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from users.authentication import require_scope


class HasScope(BasePermission):
    """Refuses a key without the scope that the view needs; a session carries its user's own rights."""

    def has_permission(self, request: Request, view: Any) -> bool:
        require_scope(request, view.scope_for(request.method))
        return True
