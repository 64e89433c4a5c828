"""Settings of the whole application: environment variables ``STEUNWIJZER_*``; nothing has to be set on a fresh machine."""

from __future__ import annotations

import re
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parents[1]
DEVELOPMENT_SECRET = "alleen-voor-ontwikkeling-nooit-in-gebruik-nemen"
MINIMUM_SECRET_LENGTH = 32


class Settings(BaseSettings):
    """Every setting, typed. The name of the variable is ``STEUNWIJZER_`` plus the field name in capitals."""

    model_config = SettingsConfigDict(env_prefix="STEUNWIJZER_", extra="ignore")

    environment: Literal["development", "production"] = Field(
        default="development", description="Outside development the application refuses to start with the default secret."
    )
    secret_key: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_SECRET), description="Signs session tokens, sign-in links and file links; at least 32 characters."
    )
    database_url: str = Field(
        default="sqlite:///var/steunwijzer.db", description="SQLAlchemy address: SQLite by default, PostgreSQL when scaled."
    )
    redis_url: str | None = Field(default=None, description="Redis for messages and locks between workers; in process when empty.")
    host: str = Field(default="127.0.0.1", description="Address on which the server listens.")
    port: int = Field(default=8080, ge=1, le=65535, description="Port on which the server listens.")
    workers: int = Field(default=1, ge=1, description="Number of server processes; more than one needs PostgreSQL and Redis.")
    public_url: str = Field(
        default="http://127.0.0.1:8080", description="Address of this server as visitors and coaches see it; used in links."
    )
    sentence_encoder: bool = Field(
        default=True, description="Understand with sentence vectors too; without them a message costs half the time and is understood less well."
    )
    allowed_origins: str = Field(
        default="",
        description="Websites elsewhere whose pages may hold the chat, separated by commas, such as https://www.gemeente.example; none "
        "when empty.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Level of the log; it never holds message text."
    )

    smtp_url: SecretStr | None = Field(
        default=None, description="Mail server: smtp://user:password@host:587 (STARTTLS when offered) or smtps://…; no mail when empty."
    )
    mail_from: str = Field(default="Steunwijzer <steunwijzer@example.org>", description="Sender of mail to coaches and contact persons.")
    teams_app_id: str | None = Field(default=None, description="Application (client) id of the Teams bot; no Teams when empty.")
    teams_app_secret: SecretStr | None = Field(default=None, description="Client secret of that app registration.")
    teams_tenant_id: str | None = Field(default=None, description="Tenant in which the bot is registered (single tenant).")
    teams_openid_url: str = Field(
        default="https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Where the issuer and signing keys of requests from Teams are published; another address for a government cloud.",
    )
    teams_service_hosts: str = Field(
        default="",
        description="Hosts beside Microsoft's own that Teams messages may be sent to, separated by commas; for a local test connector.",
    )
    teams_anonymous: bool = Field(
        default=False, description="Accept unsigned requests, from this machine only: for the Agents Playground, never in production."
    )
    teams_sends_per_second: int = Field(default=7, ge=1, description="Messages per second to one Teams chat, as Microsoft allows.")
    teams_sends_per_hour: int = Field(default=1800, ge=1, description="Messages per hour to one Teams chat, as Microsoft allows.")
    teams_tenant_sends_per_second: int = Field(
        default=30, ge=1, description="Messages per second to all Teams chats of the tenant together."
    )

    oidc_issuer: str | None = Field(
        default=None,
        description="Address of the OpenID Connect provider for the coach desk, e.g. https://login.microsoftonline.com/<tenant>/v2.0.",
    )
    oidc_client_id: str | None = Field(default=None, description="Client id of the desk at that provider; only sign-in links when empty.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Client secret of the desk at that provider.")

    office_name: str = Field(
        default="het landelijke contactpunt (voorbeeld)", description="Who visitors may call when no coach is available."
    )
    office_phone: str = Field(default="", description="Public telephone number of that office; not shown when empty.")
    office_email: str = Field(default="contactpunt@example.org", description="Public e-mail address of that office.")

    work_start: time = Field(default=time(9, 0), description="Start of the working day, Dutch time, for coaches without own hours.")
    work_end: time = Field(default=time(17, 0), description="End of the working day, Dutch time, for coaches without own hours.")
    response_minutes: int = Field(default=60, ge=1, description="Working minutes after which a request goes to the backup coach.")
    callback_response_minutes: int = Field(default=240, ge=1, description="The same for a call-back request.")

    outbox_max_attempts: int = Field(default=8, ge=1, description="Attempts to deliver a message before it is shown as 'niet bezorgd'.")
    outbox_first_delay_seconds: float = Field(default=5.0, gt=0, description="Wait after the first failed attempt; doubles each time.")
    outbox_max_delay_seconds: float = Field(default=1800.0, gt=0, description="Longest wait between two attempts.")
    outbox_lease_seconds: float = Field(
        default=60.0, gt=0, description="Time after which a delivery whose process died is picked up again."
    )

    conversation_retention_days: int = Field(default=30, ge=1, description="Days that conversations and placements' drafts are kept.")
    request_retention_days: int = Field(default=183, ge=1, description="Days that a request is kept after closing (six months).")
    audit_retention_days: int = Field(default=730, ge=1, description="Days that the audit trail, which holds no content, is kept.")
    session_days: int = Field(default=30, ge=1, description="Days that a visitor's session token is valid.")
    max_message_length: int = Field(default=2000, ge=100, description="Longest message of a visitor, in characters.")
    rate_per_minute: int = Field(default=30, ge=1, description="Messages a session may send per minute.")
    rate_sessions_per_hour: int = Field(default=60, ge=1, description="Sessions one address may start per hour.")

    @property
    def origins(self) -> list[str]:
        """``allowed_origins`` one by one, as browsers write them."""
        return [origin.strip().rstrip("/").lower() for origin in self.allowed_origins.split(",") if origin.strip()]

    @model_validator(mode="after")
    def _refuse_half_origins(self) -> Settings:
        for origin in self.origins:
            if not re.fullmatch(r"https?://[a-z0-9.-]+(?::\d+)?", origin):
                raise ValueError(
                    f"STEUNWIJZER_ALLOWED_ORIGINS: '{origin}' is geen website. Schrijf het adres zonder pad, zoals https://www.gemeente.example, "
                    "en zet een komma tussen twee adressen."
                )
        return self

    @model_validator(mode="after")
    def _refuse_default_secret(self) -> Settings:
        secret = self.secret_key.get_secret_value()
        if self.environment != "development" and (secret == DEVELOPMENT_SECRET or len(secret) < MINIMUM_SECRET_LENGTH):
            raise ValueError(
                "STEUNWIJZER_SECRET_KEY is niet veilig: zet er een eigen willekeurige tekst van ten minste 32 tekens in, "
                "bijvoorbeeld met: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return self

    @model_validator(mode="after")
    def _refuse_anonymous_teams(self) -> Settings:
        if self.teams_anonymous and self.environment != "development":
            raise ValueError(
                "STEUNWIJZER_TEAMS_ANONYMOUS is alleen voor ontwikkeling: buiten ontwikkeling moet elk verzoek van Teams ondertekend zijn."
            )
        return self


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once; tests call ``get_settings.cache_clear()`` after changing the environment."""
    return Settings()
