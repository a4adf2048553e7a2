"""Logging in and out, the first start, one's own settings, and the switch between light and dark."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from users.models import User
from users.services import AlreadySetUpError, SettingsError, create_first_administrator, save_settings
from web.access import viewer
from web.account.calendar import read_feeds
from web.account.forms import LoginForm, SettingsForm, WelcomeForm
from web.parts import htmx_details

THEMES = ("light", "dark")
_YEAR = 60 * 60 * 24 * 365


class Login(LoginView):
    """The login page. While nobody can log in yet it leads to the first start, and so does every page through it."""

    authentication_form = LoginForm
    template_name = "web/account/login.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Where nobody was on their way elsewhere: a manager's home is the work that waits, a salesperson's the box."""
        return reverse("web:home" if viewer(self.request).is_manager else "web:find")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated and not User.objects.exists():
            return redirect("web:welcome")
        details = htmx_details(request)
        if details:  # the session ended while a page was open: the whole page goes to log in, and comes back
            back = details.current_url_abs_path or reverse("web:find")
            return HttpResponseClientRedirect(f"{reverse('web:login')}?{urlencode({'next': back})}")
        return super().dispatch(request, *args, **kwargs)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Make the administrator of a fresh installation and log them in; once anyone exists, lead to the login page."""
    if User.objects.exists():
        return redirect("web:login")
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = create_first_administrator(**form.cleaned_data)
        except AlreadySetUpError:
            messages.warning(request, _("Someone else was faster: there is an administrator already. Please log in."))
            return redirect("web:login")
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        messages.success(request, _("Welcome. The pool is empty: import your customers and contacts first."))
        return redirect("web:import")
    return render(request, "web/account/welcome.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show and change one's own name, time zone and deputy."""
    user = viewer(request)
    form = SettingsForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            save_settings(user=user, **form.cleaned_data)
        except SettingsError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Your settings are saved."))
            return redirect("web:settings")
    context: dict[str, Any] = {
        "form": form,
        "title": _("Your settings"),
        "back": reverse("web:find"),
        "action": _("Save"),
    }
    context["feeds"] = read_feeds(user)
    return render(request, "web/account/settings.html", context, status=422 if form.errors else 200)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark for this browser for a year, or follow the system again; then go back to the page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = reverse("web:find")
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("theme")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    else:
        response.delete_cookie("theme")
    return response
