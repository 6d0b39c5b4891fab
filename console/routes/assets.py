"""Style sheets and scripts."""

from fastapi import APIRouter, Request, Response

from console.assets import asset_at

router = APIRouter()


@router.get("/assets/{digest}/{name}")
async def asset(request: Request) -> Response:
    """A file under the hash of its content: it never changes, so it may be kept."""
    found = asset_at(request.url.path)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(found.content, media_type=found.media_type, headers=headers)
