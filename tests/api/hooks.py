"""What schemathesis has to know of Parlor that the document cannot say."""

import os
import random

import schemathesis

ROOM = os.environ["PARLOR_ROOM"]
# What is there to be spoken of, by operation; of the rest, and of what must stay, the guesses are not found.
NAMED = {
    **dict.fromkeys(("editMessage", "react", "unreact"), os.environ.get("PARLOR_MESSAGE")),
    **dict.fromkeys(("file", "preview"), os.environ.get("PARLOR_FILE")),
}
# Chance of its own: the seed of the run is for what is sent, not for where it comes from.
SOMEWHERE = random.SystemRandom()


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Mostly speaks of a room that is there: guesses of codes are met with nothing but `room_unknown`."""
    operation = context.operation and context.operation.definition.raw.get("operationId")
    if path_parameters and "code" in path_parameters and operation not in (None, "deleteRoom"):
        path_parameters["code"] = ROOM
    if path_parameters and "id" in path_parameters and NAMED.get(operation):
        path_parameters["id"] = NAMED[operation]
    return path_parameters


@schemathesis.hook
def before_call(context, case, kwargs):
    """Comes from another address each time, as limits are not what is tested."""
    case.headers["X-Forwarded-For"] = f"10.{SOMEWHERE.randrange(256)}.{SOMEWHERE.randrange(256)}.{SOMEWHERE.randrange(1, 255)}"
    if case.media_type is None:
        case.headers["Content-Type"] = "application/json"
