// What starts a function besides its triggers: flows, templates, queries and payments that name it. Called by
// triggers-page.tsx.
import { useQuery } from '@tanstack/react-query';
import { read } from '../../api/millrace.ts';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { KINDS } from './trigger-requests.ts';

export function OtherUses({ functionId: id }: { functionId: string }) {
  const { api, key } = useWhere();
  const { data } = useQuery({
    queryKey: [...key, 'uses', id],
    queryFn: () => read(api.GET('/functions/{id}/uses', { params: { path: { id } } })),
  });
  const own: readonly string[] = KINDS;
  const others = (data?.data ?? []).filter(({ kind }) => !own.includes(kind));
  if (others.length === 0) return null;
  return (
    <section className="other-uses" aria-labelledby="other-uses">
      <h2 id="other-uses">{t('triggers.others')}</h2>
      <ul>
        {others.map((use) => (
          <li key={`${use.kind} ${use.id}`}>
            {t(`trigger.${use.kind}`)} <strong>{use.name ?? use.id}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}
