import { comparisonTools } from './comparisonTools.js';
import { profileTools } from './profileTools.js';
import type { AgentTool } from './tool.js';

/** What agents may ask, over the Model Context Protocol and in the editor. */
export const agentTools: readonly AgentTool[] = [...profileTools, ...comparisonTools];
