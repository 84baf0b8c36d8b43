"""What a person does with their own account: a new password, joining a tenant that invited them."""

from database.session import platform_session, tenant_session
from domain.refusals import Invalid, NotFound
from domain.tenancy import Actor, password_problem
from integrations import passwords
from services import door
from services.tenancy import sign_ins
from services.tenancy.credentials import checked, no_tenant, note, refused, tenant_at
from services.tenancy.sign_in import SignedIn


@door.public("needs a living sign-in and the present password")
async def change_password(token: str, present: str, new: str) -> SignedIn:
    """Change the password, end every other sign-in and exchange this one's token."""
    if problem := password_problem(new):
        raise Invalid("password.weak", "This password is too weak.", problem)
    async with platform_session() as connection:
        found = await sign_ins.find(connection, token)
        email = await connection.fetchval("SELECT email FROM users WHERE id = $1", found.user_id)
    account, right = await checked(email, present)
    if account is None or not right:
        await note("account.change_password", found.user_id, code="sign_in.wrong")
        raise refused()
    stored = await passwords.hashed(new)
    async with platform_session() as connection:
        await connection.execute(
            "UPDATE users SET password_hash = $2, failed_attempts = 0, locked_until = NULL WHERE id = $1",
            found.user_id,
            stored,
        )
        await sign_ins.end_all(connection, found.user_id, but=found.id)
        fresh = await sign_ins.exchange(connection, found)
    await note("account.change_password", found.user_id)
    return SignedIn(fresh, found.user_id, found.name, found.expires_at)


@door.public("needs a living sign-in and the code of the invitation")
async def accept_invitation(token: str, subdomain: str, code: str) -> SignedIn:
    """Join a tenant that invited the signed-in person; only who holds the code may. The token is exchanged."""
    async with platform_session() as connection:
        found = await sign_ins.find(connection, token)
        tenant_id = await tenant_at(connection, subdomain)
    if tenant_id is None:
        raise no_tenant()
    async with tenant_session(Actor(tenant_id, found.user_id, "person", found.name)) as session:
        joined = await session.execute(
            "UPDATE memberships SET status = 'active', invitation_hash = NULL"
            " WHERE tenant_id = $3 AND user_id = $1 AND status = 'invited' AND invitation_hash = $2",
            found.user_id,
            sign_ins.fingerprint(code),
            tenant_id,
        )
        if joined:
            await session.audit("tenancy.account.accept_invitation", "users", found.user_id)
            fresh = await sign_ins.exchange(session.connection, found)
    if not joined:
        await note("account.accept_invitation", None, subdomain, "invitation.unknown")
        raise NotFound(
            "invitation.unknown",
            "There is no open invitation for you with this code.",
            "Check the code, and that you are signed in with the e-mail that was invited.",
        )
    return SignedIn(fresh, found.user_id, found.name, found.expires_at)
