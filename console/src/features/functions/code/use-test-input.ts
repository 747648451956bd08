// What the test of a function is given, kept on this device from visit to visit. Called by the editor's page.
import { useState } from 'react';
import { useWhere } from '../../../shell/scope.ts';
import { firstInput } from './test-inputs.ts';
import type { TestInput } from './test-panel.tsx';

export function useTestInput(id: string): [TestInput, (input: TestInput) => void] {
  const { account, mode } = useWhere();
  const kept = `millrace.test.${account}.${mode}.${id}`;
  const [input, setInput] = useState<TestInput>(() => {
    const found = JSON.parse(localStorage.getItem(kept) ?? 'null') as TestInput | null;
    return found ?? { trigger: 'api_direct', text: firstInput('api_direct') };
  });
  return [
    input,
    (next) => {
      setInput(next);
      localStorage.setItem(kept, JSON.stringify(next));
    },
  ];
}
