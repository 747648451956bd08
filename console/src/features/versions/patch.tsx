// A unified diff, its added and removed lines marked by sign and ground. Called by the list of versions.
import './patch.css';

export function Patch({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <pre className="code patch" tabIndex={0}>
      {text
        .split('\n')
        .filter((line) => !/^(---|\+\+\+) /.test(line))
        .map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
          <div key={index} className={kindOf(line)}>
            {line === '' ? ' ' : line}
          </div>
        ))}
    </pre>
  );
}

function kindOf(line: string): string | undefined {
  if (line.startsWith('@@')) return 'at';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : undefined;
}
