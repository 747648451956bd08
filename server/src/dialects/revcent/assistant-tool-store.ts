// The functions of this dialect that assistants may call: enabled, with the trigger ai_assistant. A source of
// tools for /mcp.
import type { ToolSource } from '../../sources/assistants/tool.ts';
import { assistantTool } from './assistant-tool.ts';
import type { RevcentSettings } from './function-settings.ts';

type Row = { id: string; name: string; description: string | null; settings: RevcentSettings };

/** Tools that one account offers. */
const MOST_TOOLS = 500;

export const assistantTools: ToolSource = async (sql, world) => {
  const rows = await sql.query<Row>(
    `select f.id, f.name, f.description, i.settings
     from inline_functions i join functions f on f.id = i.function_id
     where f.account_id = $1 and f.mode = $2 and f.enabled and i.settings ->> 'eventSource' = 'ai_assistant'
     order by f.created_at, f.id limit ${MOST_TOOLS}`,
    [world.accountId, world.mode],
  );
  return rows.map(({ id, name, description, settings: { customArguments } }) =>
    assistantTool({ id, name, description: description ?? '', customArguments }),
  );
};
