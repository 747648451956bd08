// An address that has no page.
import { Link } from '@tanstack/react-router';
import { Page } from '../design/page.tsx';
import { t } from '../texts/translate.ts';

export function Missing() {
  return (
    <main>
      <Page title={t('missing.title')} sentence={t('missing.sentence')}>
        <Link to="/" className="button">
          {t('missing.back')}
        </Link>
      </Page>
    </main>
  );
}
