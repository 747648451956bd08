// Sites that reach functions by names of their own: domains, the portals whose command line may upload here,
// and the functions that came of folders.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { read } from '../../api/millrace.ts';
import { When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Empty, Wrong } from '../../design/states.tsx';
import { SureButton } from '../../design/sure-button.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { domainsQuery, folderFunctionsQuery, portalsQuery } from './site-requests.ts';
import './sites.css';

export function SitesPage() {
  return (
    <Page title={t('room.sites')} sentence={t('sites.sentence')}>
      <div className="sites">
        <Domains />
        <Portals />
        <Folders />
      </div>
    </Page>
  );
}

function Domains() {
  const where = useWhere();
  const query = useQuery(domainsQuery(where));
  const queries = useQueryClient();
  const mayChange = useMay('settings', 'update');
  const again = () => queries.invalidateQueries({ queryKey: domainsQuery(where).queryKey });
  const add = useMutation({
    mutationFn: (domain: string) => read(where.api.POST('/domains', { body: { domain } })),
    onSuccess: again,
  });
  const remove = useMutation({
    mutationFn: (domain: string) =>
      read(where.api.DELETE('/domains/{domain}', { params: { path: { domain } } })),
    onSuccess: again,
  });
  return (
    <section>
      <h2>{t('sites.domains')}</h2>
      <p className="quiet">{t('sites.domainsExplain')}</p>
      <Answered query={query} lines={2}>
        {(domains) =>
          domains.length === 0 ? (
            <p>{t('sites.noDomains')}</p>
          ) : (
            <Table
              columns={[
                { text: t('sites.domain') },
                { text: t('sites.since'), className: 'number wide-only' },
                { text: t('people.actions'), className: 'number', isUnseen: true },
              ]}
            >
              {domains.map(({ domain, source, created_at: at }) => (
                <tr key={domain}>
                  <td className="name mono">{domain}</td>
                  <td className="number nowrap wide-only">
                    {source === 'configuration' ? t('sites.configured') : <When at={at} />}
                  </td>
                  <td className="number">
                    {mayChange && source === 'api' ? (
                      <SureButton
                        text={t('people.remove')}
                        sure={t('people.removeSure')}
                        label={t('sites.removeOf', { name: domain })}
                        onSure={() => remove.mutate(domain)}
                      />
                    ) : null}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Answered>
      {mayChange ? (
        <AddLine label={t('sites.addDomain')} hint="shop.example.com" onAdd={(name) => add.mutate(name)} />
      ) : null}
      <Wrong error={add.error ?? remove.error} />
    </section>
  );
}

function Portals() {
  const where = useWhere();
  const query = useQuery(portalsQuery(where));
  const queries = useQueryClient();
  const mayChange = useMay('settings', 'update');
  const again = () => queries.invalidateQueries({ queryKey: portalsQuery(where).queryKey });
  const add = useMutation({
    mutationFn: (id: string) => read(where.api.POST('/portals', { body: { portal_id: Number(id) } })),
    onSuccess: again,
  });
  const remove = useMutation({
    mutationFn: (id: number) => read(where.api.DELETE('/portals', { params: { query: { portal_id: id } } })),
    onSuccess: again,
  });
  return (
    <section>
      <h2>{t('sites.portals')}</h2>
      <p className="quiet">{t('sites.portalsExplain')}</p>
      <Answered query={query} lines={2}>
        {(portals) =>
          portals.length === 0 ? (
            <p>{t('sites.noPortals')}</p>
          ) : (
            <Table
              columns={[
                { text: t('sites.portal') },
                { text: t('sites.since'), className: 'number wide-only' },
                { text: t('people.actions'), className: 'number', isUnseen: true },
              ]}
            >
              {portals.map(({ portal_id: id, created_at: at }) => (
                <tr key={id}>
                  <td className="mono">{id}</td>
                  <td className="number nowrap wide-only">
                    <When at={at} />
                  </td>
                  <td className="number">
                    {mayChange && at !== null ? (
                      <SureButton
                        text={t('people.remove')}
                        sure={t('people.removeSure')}
                        label={t('sites.removeOf', { name: String(id) })}
                        onSure={() => remove.mutate(id)}
                      />
                    ) : null}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Answered>
      {mayChange ? (
        <AddLine label={t('sites.addPortal')} hint="1234567" onAdd={(id) => add.mutate(id)} />
      ) : null}
      <Wrong error={add.error ?? remove.error} />
    </section>
  );
}

type LineProps = { label: string; hint: string; onAdd: (text: string) => void };

function AddLine({ label, hint, onAdd }: LineProps) {
  const [text, setText] = useState('');
  return (
    <form
      className="row add-line"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(text.trim());
        setText('');
      }}
    >
      <input
        className="input"
        required
        aria-label={label}
        placeholder={hint}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <button type="submit" className="button">
        {label}
      </button>
    </form>
  );
}

function Folders() {
  const where = useWhere();
  const { account, mode } = where;
  const query = useQuery(folderFunctionsQuery(where));
  return (
    <section>
      <h2>{t('sites.folders')}</h2>
      <p className="quiet">{t('sites.foldersExplain')}</p>
      <Answered query={query} lines={2}>
        {(functions) =>
          functions.length === 0 ? (
            <Empty title={t('sites.noFolders')} />
          ) : (
            <Table
              isLinked
              columns={[
                { text: t('runs.function') },
                { text: t('versions.version'), className: 'number' },
                { text: t('functions.changed'), className: 'number' },
              ]}
            >
              {functions.map((fn) => (
                <tr key={fn.id}>
                  <td className="name strong">
                    <Link
                      data-row
                      className="row-link"
                      to="/$account/$mode/functions/$id"
                      params={{ account, mode, id: fn.id }}
                    >
                      {fn.name}
                    </Link>
                  </td>
                  <td className="number mono">{fn.version}</td>
                  <td className="number nowrap">
                    <When at={fn.modified_at} />
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Answered>
    </section>
  );
}
