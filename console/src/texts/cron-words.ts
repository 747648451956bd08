// A cron expression in words, in the language of the reader. Called where schedules are shown.
import cronstrue from 'cronstrue/i18n';
import { currentLanguage } from './translate.ts';

/** Empty: it can't be understood. */
export function cronWords(cron: string): string {
  try {
    return cronstrue.toString(cron, { locale: currentLanguage(), use24HourTimeFormat: true });
  } catch {
    return '';
  }
}
