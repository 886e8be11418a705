import { endToEndEnvironment } from '../../support/e2e-environment.js';

/** How often each command is measured. */
export const rounds = Number(process.env['SLIPWAY_BENCH_ROUNDS'] ?? 3);

/** The image of the executor that is compared with; unless another is named, that of the flavor. */
export const executor = endToEndEnvironment.executorImage ?? 'ghcr.io/osscontainertools/kaniko:v1.28.3';
