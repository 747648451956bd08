// One e-mail template: as its mail would look for an item, in a frame that can do nothing, and the mails
// that it has sent.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { read } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { When } from '../../design/moment.tsx';
import { Page } from '../../design/page.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { StatusMark, type Tone } from '../../design/status-mark.tsx';
import { Table } from '../../design/table.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { type Template, templateMailsQuery, templateQuery } from './source-requests.ts';
import './sources.css';

const TONES: Record<'queued' | 'sent' | 'failed', Tone> = { queued: 'wait', sent: 'good', failed: 'bad' };

export function TemplatePage() {
  const { id } = useParams({ from: '/$account/$mode/sources/templates/$id' });
  const query = useQuery(templateQuery(useWhere(), id));
  return (
    <Answered isPage query={query}>
      {(template) => (
        <Page
          title={template.name}
          sentence={
            <>
              {t('templates.to')} <span className="mono">{template.template_to.join(', ')}</span>
            </>
          }
        >
          <Preview template={template} />
          <Mails id={id} />
        </Page>
      )}
    </Answered>
  );
}

const EXAMPLE = '{\n  "name": "Ann",\n  "email": "ann@example.com"\n}';

function Preview({ template: { id } }: { template: Template }) {
  const { api } = useWhere();
  const [details, setDetails] = useState(EXAMPLE);
  const problem = problemOf(details);
  const preview = useMutation({
    mutationFn: () => {
      const body = { item_details: JSON.parse(details) as Record<string, unknown> };
      return read(api.POST('/email-templates/{id}/preview', { params: { path: { id } }, body }));
    },
  });
  const { mutate } = preview;
  useEffect(() => mutate(), [mutate]);
  return (
    <section className="preview">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          preview.mutate();
        }}
      >
        <Field label={t('templates.item')} hint={t('templates.itemHint')} wrong={problem}>
          {(wiring) => (
            <textarea
              {...wiring}
              rows={10}
              spellCheck={false}
              value={details}
              onChange={({ target }) => setDetails(target.value)}
            />
          )}
        </Field>
        <div>
          <button type="submit" className="button" disabled={problem !== null || preview.isPending}>
            {t('templates.preview')}
          </button>
        </div>
        <Wrong error={preview.error} />
      </form>
      {preview.data === undefined ? null : (
        <div>
          <dl className="mail-head">
            <div>
              <dt>{t('templates.to')}</dt>
              <dd>{preview.data.to.join(', ')}</dd>
            </div>
            <div>
              <dt>{t('templates.subject')}</dt>
              <dd className="strong">{preview.data.subject}</dd>
            </div>
          </dl>
          {preview.data.function_error === null ? null : (
            <p className="notice bad">{preview.data.function_error}</p>
          )}
          {/* Neither scripts nor forms, nor an origin: what a template says is a stranger's page. */}
          <iframe
            className="mail"
            title={t('templates.previewOf', { subject: preview.data.subject })}
            sandbox=""
            srcDoc={preview.data.html}
          />
          <p className="quiet">{t('templates.framed')}</p>
        </div>
      )}
    </section>
  );
}

function Mails({ id }: { id: string }) {
  const query = useQuery(templateMailsQuery(useWhere(), id));
  return (
    <section className="source-part">
      <h2>{t('templates.mails')}</h2>
      <Answered query={query} lines={2}>
        {(mails) =>
          mails.length === 0 ? (
            <p className="quiet">{t('templates.noMails')}</p>
          ) : (
            <Table
              columns={[
                { text: t('runs.status') },
                { text: t('templates.to') },
                { text: t('templates.problem'), className: 'wide-only' },
                { text: t('audit.when'), className: 'number' },
              ]}
            >
              {mails.map((mail) => (
                <tr key={mail.id}>
                  <td>
                    <StatusMark tone={TONES[mail.status]}>{t(`templates.status.${mail.status}`)}</StatusMark>
                  </td>
                  <td className="name">{mail.recipients.join(', ')}</td>
                  <td className="name quiet wide-only">{mail.error}</td>
                  <td className="number nowrap">
                    <When at={mail.created_at} />
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

function problemOf(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
