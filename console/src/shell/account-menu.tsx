// Whose session it is, the accounts one has a role in, look, language, zone, keys, the way out.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { DropdownMenu } from 'radix-ui';
import { millraceOf, read } from '../api/millrace.ts';
import { chooseZone, shownZone } from '../design/moment.tsx';
import { chooseLanguage, currentLanguage, t } from '../texts/translate.ts';
import { chooseLook, currentLook } from './look.ts';
import { useWhere } from './scope.ts';
import { sessionQuery } from './session.ts';

const { Root, Trigger, Portal, Content, Item, Label, Separator, RadioGroup, RadioItem, ItemIndicator } =
  DropdownMenu;

export function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { account, mode } = useWhere();
  const { data: session } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const signOut = async () => {
    await read(millraceOf(null).DELETE('/session'));
    queries.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <Root modal={false}>
      <Trigger className="account-button">
        <span className="who">{session?.name || session?.email}</span>
        <span className="mono quiet">{account}</span>
      </Trigger>
      <Portal>
        <Content className="menu" side="top" align="start" sideOffset={4}>
          <Label className="menu-label">{session?.email}</Label>
          {(session?.accounts ?? []).map((one) => (
            <Item
              key={one.account_id}
              className="menu-item"
              onSelect={() =>
                void navigate({ to: '/$account/$mode', params: { account: one.account_id, mode: 'live' } })
              }
            >
              <span className="mono">{one.account_id}</span>
              <span className="quiet">
                {one.account_id === account ? t('menu.here') : t(`role.${one.role}`)}
              </span>
            </Item>
          ))}
          <Separator className="menu-line" />
          <Choice label={t('look.label')} value={currentLook()} onChoose={chooseLook} of={LOOKS()} />
          <Choice
            label={t('language.label')}
            value={currentLanguage()}
            onChoose={chooseLanguage}
            of={LANGUAGES}
          />
          <Choice label={t('zone.label')} value={shownZone() ?? 'local'} onChoose={chooseZone} of={ZONES()} />
          <Separator className="menu-line" />
          <Item
            className="menu-item"
            onSelect={() => void navigate({ to: '/$account/$mode/you', params: { account, mode } })}
          >
            {t('you.title')}
          </Item>
          <Item className="menu-item" onSelect={onShortcuts}>
            {t('keys.title')} <kbd>?</kbd>
          </Item>
          <Item className="menu-item" onSelect={() => void signOut()}>
            {t('menu.signOut')}
          </Item>
        </Content>
      </Portal>
    </Root>
  );
}

const LOOKS = () =>
  [
    ['system', t('look.system')],
    ['light', t('look.light')],
    ['dark', t('look.dark')],
  ] as const;
const LANGUAGES = [
  ['en', 'English'],
  ['de', 'Deutsch'],
] as const;
const ZONES = () =>
  [
    ['local', t('zone.local')],
    ['UTC', 'UTC'],
  ] as const;

type ChoiceProps<V extends string> = {
  label: string;
  value: V;
  onChoose: (value: V) => void;
  of: readonly (readonly [V, string])[];
};

function Choice<V extends string>({ label, value, onChoose, of }: ChoiceProps<V>) {
  return (
    <RadioGroup value={value} onValueChange={(chosen) => onChoose(chosen as V)} aria-label={label}>
      <Label className="menu-label">{label}</Label>
      {of.map(([one, name]) => (
        <RadioItem key={one} value={one} className="menu-item">
          {name} <ItemIndicator>✓</ItemIndicator>
        </RadioItem>
      ))}
    </RadioGroup>
  );
}
