import { readFile } from 'node:fs/promises';
import { type BuildSecret, shellWord, UsageError } from '@slipway/core';
import { reasonOf } from './attribute-text.js';

const fields = ['id', 'type', 'src', 'source', 'env'] as const;
type Fields = Partial<Record<(typeof fields)[number], string>>;

/**
 * The secrets of repeated `--secret id=ID[,src=FILE|,env=NAME]`, as Docker takes them: by its id alone a secret is the variable of
 * that name, else the file.
 * @throws UsageError `INVALID_OPTION`, `UNREADABLE_FILE`; nothing of a value is quoted
 */
export function buildSecrets(
  texts: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<readonly BuildSecret[]> {
  return Promise.all(
    texts.map(async (text) => {
      const { id, type, ...rest } = parse(text);
      const source = rest.src ?? rest.source;
      const isFile = type === 'file' || (type === undefined && source !== undefined);
      if (id === undefined) throw invalid('needs an id.');
      if (rest.env !== undefined && source !== undefined) throw invalid(`'${id}' is either a file or a variable.`);
      const variable = isFile ? undefined : (rest.env ?? source ?? id);
      const value = variable === undefined ? undefined : environment[variable];
      if (value !== undefined) return { id, value: Buffer.from(value) };
      if (type === 'env' || rest.env !== undefined) {
        throw invalid(`'${id}' is to come from the variable ${variable ?? ''}, which is not set.`);
      }
      return { id, value: await content(id, source ?? id) };
    }),
  );
}

function parse(text: string): Fields {
  const pairs = text.split(',').map((part) => {
    const equals = part.indexOf('=');
    const name = fields.find((field) => field === part.slice(0, Math.max(equals, 0)));
    // Not quoted: somebody may have put the secret itself there.
    if (name === undefined) throw invalid('takes id=ID and src=FILE or env=NAME, with commas between them.');
    return [name, part.slice(equals + 1)] as const;
  });
  const found: Fields = Object.fromEntries(pairs);
  if (found.type === undefined || found.type === 'file' || found.type === 'env') return found;
  throw invalid('has the type file or env.');
}

async function content(id: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError({
      code: 'UNREADABLE_FILE',
      message: `The file '${path}' for the secret '${id}' cannot be read.`,
      reason: reasonOf(error),
      fix: `Check the path, which is as seen from the folder you are in: --secret id=${id},src=${shellWord(path)}`,
      cause: error,
    });
  }
}

function invalid(what: string): UsageError {
  return new UsageError({
    code: 'INVALID_OPTION',
    message: `The option '--secret' ${what.startsWith("'") ? `is not right: ${what}` : what}`,
    fix: '--secret id=ID,src=FILE or --secret id=ID,env=NAME',
  });
}
