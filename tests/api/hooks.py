"""What schemathesis has to know of Parlor that the document cannot say."""

import os
import random

import schemathesis

ROOM = os.environ["PARLOR_ROOM"]
# Chance of its own: the seed of the run is for what is sent, not for where it comes from.
SOMEWHERE = random.SystemRandom()


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Mostly speaks of a room that is there: guesses of codes are met with nothing but `room_unknown`."""
    keeps = context.operation is None or context.operation.definition.raw.get("operationId") == "deleteRoom"
    if path_parameters and "code" in path_parameters and not keeps:
        path_parameters["code"] = ROOM
    return path_parameters


@schemathesis.hook
def before_call(context, case, kwargs):
    """Comes from another address each time, as limits are not what is tested."""
    case.headers["X-Forwarded-For"] = f"10.{SOMEWHERE.randrange(256)}.{SOMEWHERE.randrange(256)}.{SOMEWHERE.randrange(1, 255)}"
    if case.media_type is None:
        case.headers["Content-Type"] = "application/json"
