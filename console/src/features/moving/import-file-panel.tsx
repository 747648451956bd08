// An import file before it is a function: what it says of itself, everything that is wrong at once, the
// variables that it asks for, its code. Nothing is made before the button. Called by moving-page.tsx.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { read, type Schemas } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';

type Props = { name: string; text: string; onAgain: () => void };
type Report = Schemas['ImportReport'];
type Values = Readonly<Record<string, string>>;

export function ImportFilePanel({ name, text, onAgain }: Props) {
  const { account, mode, api, key } = useWhere();
  const navigate = useNavigate();
  const [values, setValues] = useState<Values>({});
  const typed = useDeferredValue(values);
  const report = useQuery({
    queryKey: [...key, 'import-file', text, typed],
    placeholderData: (before) => before,
    queryFn: () =>
      read(
        api.POST('/import/revcent', {
          params: { query: { dry_run: 'true' } },
          body: { file: text, variables: typed },
        }),
      ),
  });
  const make = useMutation({
    mutationFn: () => read(api.POST('/import/revcent', { body: { file: text, variables: values } })),
    onSuccess: async ({ function_id: id }) => {
      await navigate({
        to: '/$account/$mode/functions/$id/triggers',
        params: { account, mode, id: id ?? '' },
      });
    },
  });
  return (
    <Answered query={report} lines={8}>
      {(data) => (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          <Problems name={name} report={data} />
          {data.file === null ? null : <FileFacts file={data.file} />}
          <Asked report={data} values={values} onChange={setValues} />
          {data.file === null ? null : (
            <div>
              <h2>{t('function.code')}</h2>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
              <pre className="code moving-code" tabIndex={0}>
                {data.file.code}
              </pre>
            </div>
          )}
          <Wrong error={make.error} />
          <div className="row">
            <button
              type="submit"
              className="button primary"
              disabled={make.isPending || data.problems.length > 0}
            >
              {t('moving.makeDisabled')}
            </button>
            <button type="button" className="button" onClick={onAgain}>
              {t('moving.another')}
            </button>
          </div>
        </form>
      )}
    </Answered>
  );
}

function Problems({ name, report }: { name: string; report: Report }) {
  const { problems, warnings, ignored } = report;
  return (
    <div aria-live="polite" className="stack">
      {problems.length === 0 ? (
        <div className="notice">{t('moving.fileFine', { name })}</div>
      ) : (
        <div className="notice bad">
          <div>
            <strong>{t('moving.fileWrong', { count: problems.length })}</strong>
            <ul className="moving-list">
              {problems.map(({ field, rule, line, column }) => (
                <li key={`${field} ${rule}`}>
                  <code>{field}</code> {rule}
                  {line === null ? '' : ` (${line}:${column})`}
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {warnings.map(({ rule, line, column }) => (
        <div key={rule} className="notice warn">
          {t('moving.syntax', { rule, at: `${line}:${column}` })}
        </div>
      ))}
      {ignored.length === 0 ? null : (
        <p className="quiet">{t('moving.ignored', { names: ignored.join(', ') })}</p>
      )}
    </div>
  );
}

function FileFacts({ file }: { file: NonNullable<Report['file']> }) {
  const facts = [
    [t('functions.name'), file.name],
    [t('moving.author'), file.author],
    [t('settings.description'), file.description],
    [t('moving.startedBy'), [file.trigger, ...file.events, file.cron_expression].filter(Boolean).join(' · ')],
    [
      t('function.packages'),
      Object.entries(file.dependencies)
        .map((one) => one.join(' '))
        .join(', '),
    ],
  ].filter(([, value]) => value !== '');
  return (
    <dl className="moving-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="quiet">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

type AskedProps = { report: Report; values: Values; onChange: (values: Values) => void };

function Asked({ report, values, onChange }: AskedProps) {
  const variables = report.file?.variables ?? [];
  if (variables.length === 0) return null;
  return (
    <fieldset className="moving-asked">
      <legend>
        <h2>{t('function.variables')}</h2>
      </legend>
      {variables.map(({ name, description, required, has_value: hasValue }) => (
        <Field
          key={name}
          label={<code>{name}</code>}
          hint={[description, t(required ? 'moving.required' : 'moving.optional')]
            .filter(Boolean)
            .join(' · ')}
        >
          {(wiring) => (
            <input
              {...wiring}
              autoComplete="off"
              placeholder={hasValue && values[name] === undefined ? t('moving.inFile') : ''}
              value={values[name] ?? ''}
              onChange={({ target }) => {
                const { [name]: _, ...others } = values;
                onChange(target.value === '' ? others : { ...others, [name]: target.value });
              }}
            />
          )}
        </Field>
      ))}
    </fieldset>
  );
}
