// What a name is without regard to case: for names of which a world has one each. Of all letters, where
// PostgreSQL's lower() knows ASCII's alone or depends on the machine. Pure. Called by the stores of what has
// such a name, which keep it beside the name.

/** Through capitals, so that letters that share one are the same: ß and ss, ς and σ. */
export function foldName(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}
