"""The OpenAPI description: ninja's, with what it cannot know put in."""

import functools
from typing import Any

from pydantic.json_schema import models_json_schema

from . import schemas
from .problems import MEDIA_TYPE
from .service import api

PREFIX = "api/v1/"
SENT = (schemas.ReferralSent, schemas.AdditionSent, schemas.NotificationsSent)


@functools.cache
def description() -> dict[str, Any]:
    """The whole document. Problems are answered as problem+json, and so described."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    found["components"]["schemas"] |= _shapes()
    for methods in found["paths"].values():
        for operation in methods.values():
            operation["responses"] = {str(status): said for status, said in operation["responses"].items()}
            for status, said in operation["responses"].items():
                if int(status) >= 400:
                    said["content"] = {MEDIA_TYPE: said["content"]["application/json"]}
    return found


def _shapes() -> dict[str, Any]:
    """The shapes of what is sent, which no operation's signature names."""
    _, made = models_json_schema([(shape, "validation") for shape in SENT], ref_template="#/components/schemas/{model}")
    shapes: dict[str, Any] = made["$defs"]
    return shapes
