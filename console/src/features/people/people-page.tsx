// Who may do what in this account: its people with their roles, invitations that are open, and the tokens of
// programs. What was made by a link or token is shown once, where it was made.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyButton } from '../../design/copy-button.tsx';
import { When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { useToast } from '../../design/toasts.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { InviteDialog } from './invite-dialog.tsx';
import {
  changeRole,
  invitationsQuery,
  makePasswordLink,
  ROLES,
  type Role,
  removeUser,
  takeInvitationBack,
  type User,
  usersQuery,
} from './people-requests.ts';
import { Tokens } from './tokens.tsx';
import './people.css';

export function PeoplePage() {
  const [isInviting, setInviting] = useState(false);
  const mayInvite = useMay('users', 'create');
  const button = (
    <button type="button" className="button primary" onClick={() => setInviting(true)}>
      {t('people.invite')}
    </button>
  );
  return (
    <Page title={t('room.people')} sentence={t('people.sentence')} actions={mayInvite ? button : undefined}>
      <div className="people">
        <Users />
        <Invitations />
        <Tokens />
      </div>
      {isInviting ? <InviteDialog onClose={() => setInviting(false)} /> : null}
    </Page>
  );
}

function Users() {
  const where = useWhere();
  const query = useQuery(usersQuery(where));
  return (
    <section className="stack">
      <h2>{t('people.users')}</h2>
      <Answered query={query} lines={3}>
        {({ data }) => (
          <Table
            columns={[
              { text: t('people.name') },
              { text: t('people.role') },
              { text: t('people.lastSignIn'), className: 'wide-only' },
              { text: t('people.actions'), isUnseen: true },
            ]}
          >
            {data.map((user) => (
              <UserRow key={user.id} user={user} />
            ))}
          </Table>
        )}
      </Answered>
    </section>
  );
}

function UserRow({ user }: { user: User }) {
  const where = useWhere();
  const say = useToast();
  const queries = useQueryClient();
  const mayUpdate = useMay('users', 'update');
  const mayDelete = useMay('users', 'delete');
  const [isSure, setSure] = useState(false);
  const again = () => queries.invalidateQueries({ queryKey: usersQuery(where).queryKey });
  const change = useMutation({
    mutationFn: (role: Role) => changeRole(where, user.id, role),
    onSettled: again,
  });
  const remove = useMutation({ mutationFn: () => removeUser(where, user.id), onSuccess: again });
  const link = useMutation({
    mutationFn: () => makePasswordLink(where, user.id),
    onSuccess: (made) => {
      if (made.link === null) say(t('people.linkMailed'));
    },
  });
  const shown = link.data?.link ?? null;
  const isFixed = !mayUpdate || user.role === 'operator';
  return (
    <tr>
      <td className="name">
        <div className="strong">{user.name}</div>
        <div className="quiet">{user.email}</div>
        {user.can_sign_in ? null : <div className="quiet">{t('people.cannotSignIn')}</div>}
        {shown === null ? null : <CopyButton text={shown}>{t('people.copyLink')}</CopyButton>}
        <Wrong error={change.error ?? remove.error ?? link.error} />
      </td>
      <td>
        {isFixed ? (
          t(`role.${user.role}`)
        ) : (
          <select
            className="input"
            aria-label={t('people.roleOf', { name: user.name })}
            value={user.role}
            onChange={({ target }) => change.mutate(target.value as Role)}
          >
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t(`role.${role}`)}
              </option>
            ))}
          </select>
        )}
      </td>
      <td className="wide-only nowrap">
        <When at={user.last_signed_in_at} />
      </td>
      <td className="number">
        <div className="row">
          {mayUpdate && user.can_sign_in ? (
            <button type="button" className="button plain" onClick={() => link.mutate()}>
              {t('people.passwordLink')}
            </button>
          ) : null}
          {mayDelete ? (
            <button
              type="button"
              className="button plain danger"
              onBlur={() => setSure(false)}
              onClick={() => (isSure ? remove.mutate() : setSure(true))}
            >
              {t(isSure ? 'people.removeSure' : 'people.remove')}
            </button>
          ) : null}
        </div>
      </td>
    </tr>
  );
}

function Invitations() {
  const where = useWhere();
  const queries = useQueryClient();
  const query = useQuery(invitationsQuery(where));
  const mayDelete = useMay('users', 'delete');
  const takeBack = useMutation({
    mutationFn: (id: string) => takeInvitationBack(where, id),
    onSuccess: () => queries.invalidateQueries({ queryKey: invitationsQuery(where).queryKey }),
  });
  // What is refused or fails is said above, of the people.
  if (query.data === undefined || query.data.data.length === 0) return null;
  return (
    <section className="stack">
      <h2>{t('people.invitations')}</h2>
      <Table
        columns={[
          { text: t('signIn.email') },
          { text: t('people.role') },
          { text: t('people.until'), className: 'wide-only' },
          { text: t('people.actions'), isUnseen: true },
        ]}
      >
        {query.data.data.map(({ id, email, role, expires_at: until }) => (
          <tr key={id}>
            <td className="name">{email}</td>
            <td>{t(`role.${role}`)}</td>
            <td className="wide-only nowrap">
              <When at={until} />
            </td>
            <td className="number">
              {mayDelete ? (
                <button type="button" className="button plain danger" onClick={() => takeBack.mutate(id)}>
                  {t('people.takeBack')}
                </button>
              ) : null}
            </td>
          </tr>
        ))}
      </Table>
      <Wrong error={takeBack.error} />
    </section>
  );
}
