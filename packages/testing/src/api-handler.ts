import type { ServerResponse } from 'node:http';
import type { Access } from './access.js';
import { admit, patched } from './admission.js';
import type { Faults } from './faults.js';
import type { JobController } from './job-controller.js';
import type { Job, KubernetesObject, Pod } from './kubernetes-object.js';
import type { ObjectStore } from './object-store.js';
import { omit } from './omit.js';
import { isTrue, servePodLog } from './pod-log.js';
import { apiVersionOf, jobs, namespaces, pods, resourceTypes, type ResourceType } from './resource-types.js';
import { selectorOf } from './selectors.js';
import { detailsOf, failure, notFound, StatusError } from './status.js';
import { resourceVersionOf, serveWatch, tooLarge } from './watch.js';

interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly contentType: string;
  /** Parsed JSON; undefined for none or for what is no JSON. */
  readonly body: unknown;
}

/** What a path of the resource API names. */
interface Target {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

const pathShape =
  /^(?:\/api\/v1|\/apis\/([^/]+)\/v1)(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?(?:\/([a-z]+))?$/;
const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const rulesReviews = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';

/** The verbs of the API over the object store. */
export class ApiHandler {
  constructor(
    private readonly store: ObjectStore,
    private readonly controller: JobController,
    private readonly faults: Faults,
    private readonly access: Access,
  ) {}

  /** Answers one request; throws a StatusError for what becomes a failure Status. */
  handle(request: ApiRequest, response: ServerResponse): void {
    const { method, url } = request;
    if (url.pathname === '/version') {
      sendJson(response, 200, { major: '1', minor: '34', gitVersion: 'v1.34.0', platform: 'linux/amd64' });
    } else if (url.pathname === reviews && method === 'POST') {
      sendJson(response, 201, this.access.review(request.body));
    } else if (url.pathname === rulesReviews && method === 'POST') {
      sendJson(response, 201, this.access.rules());
    } else {
      const target = parseTarget(url.pathname);
      if (target === undefined) {
        response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
      } else this.handleResource(target, request, response);
    }
  }

  private handleResource(target: Target, request: ApiRequest, response: ServerResponse): void {
    const { type, namespace = '', name, subresource } = target;
    const { method, url } = request;
    const query = url.searchParams;
    const watching = isTrue(query.get('watch'));
    const verb = verbOf(method, name, watching);
    if (verb !== undefined) this.access.check(verb, type, subresource, namespace, name);

    if (subresource !== undefined) this.subresource(target, request, response);
    else if (verb === 'watch') {
      const fault = this.faults.takeWatch(url.pathname + url.search);
      serveWatch(this.store, { type, namespace: target.namespace, query, fault }, response);
    } else if (verb === 'list') this.list(target, query, response);
    else if (verb === 'create') {
      const isDryRun = query.get('dryRun') === 'All';
      sendJson(response, 201, this.create(type, namespace, request.body, isDryRun));
    } else if (name === undefined) throw methodNotAllowed();
    else if (verb === 'get') sendJson(response, 200, this.store.get(type, namespace, name));
    else if (verb === 'patch') sendJson(response, 200, this.patch(target, name, request));
    else if (verb === 'delete') this.remove(type, this.store.get(type, namespace, name), request, response);
    else throw methodNotAllowed();
  }

  private subresource(
    { type, namespace = '', name = '', subresource }: Target,
    request: ApiRequest,
    response: ServerResponse,
  ): void {
    const pod = this.store.get<Pod>(type, namespace, name);
    if (subresource === 'log' && request.method === 'GET') {
      const process = this.controller.processOf(name);
      servePodLog(pod, process, request.url.searchParams, this.faults.takeLog(), response);
    } else if (subresource === 'attach') throw new StatusError(failure(400, 'Upgrade request required'));
    else throw methodNotAllowed();
  }

  private list({ type, namespace }: Target, query: URLSearchParams, response: ServerResponse): void {
    const asked = resourceVersionOf(query);
    if (asked > this.store.resourceVersion) {
      throw new StatusError(tooLarge(asked, this.store.resourceVersion), { 'retry-after': '1' });
    }
    const items = this.store.list(type, namespace).filter(selectorOf(query, type));
    sendJson(response, 200, {
      kind: `${type.kind}List`,
      apiVersion: apiVersionOf(type),
      metadata: { resourceVersion: String(this.store.resourceVersion) },
      // Items of a list carry neither kind nor apiVersion.
      items: items.map((item) => omit(item, 'kind', 'apiVersion')),
    });
  }

  private create(type: ResourceType, namespace: string, body: unknown, isDryRun: boolean): object {
    const draft = admit(type, body);
    if (type !== namespaces && this.store.find(namespaces, '', namespace) === undefined) {
      throw notFound(namespaces, namespace);
    }
    if (isDryRun) return draft;
    const created = this.store.create(type, namespace, draft);
    if (type === jobs) this.controller.start(created as Job);
    return created;
  }

  private patch({ type, namespace = '' }: Target, name: string, request: ApiRequest): KubernetesObject {
    if (!/^application\/(strategic-)?merge-patch\+json/.test(request.contentType)) {
      throw new StatusError(failure(415, '415: Unsupported Media Type', { details: {} }));
    }
    const object = this.store.get(type, namespace, name);
    const { uid } = (request.body as { metadata?: { uid?: string } } | undefined)?.metadata ?? {};
    if (uid !== undefined && uid !== object.metadata.uid) {
      const message = `Operation cannot be fulfilled on ${type.plural} "${name}": Precondition failed: UID in precondition: ${uid}`;
      throw new StatusError(failure(409, message, { reason: 'Conflict', details: detailsOf(type, name) }));
    }
    const changed = this.store.update(type, object, (draft) => Object.assign(draft, patched(draft, request.body)));
    if (type === jobs) this.controller.start(changed as Job);
    return changed;
  }

  private remove(type: ResourceType, object: KubernetesObject, request: ApiRequest, response: ServerResponse): void {
    const options = (request.body ?? {}) as { propagationPolicy?: string };
    const asked = request.url.searchParams.get('propagationPolicy') ?? options.propagationPolicy;
    if (asked === undefined && type === jobs) {
      const text =
        'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them ' +
        'or set propagationPolicy=Orphan to suppress this warning';
      response.setHeader('warning', `299 - "${text}"`);
    }
    const { name, uid } = object.metadata;
    const marked = this.controller.remove(type, object, asked ?? (type === jobs ? 'Orphan' : 'Background'));
    const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
    sendJson(response, 200, marked ?? { ...success, details: { ...detailsOf(type, name), uid } });
  }
}

export function parseTarget(path: string): Target | undefined {
  const [, group = '', namespace, plural, name, subresource] = pathShape.exec(path) ?? [];
  const type = resourceTypes.find((candidate) => candidate.group === group && candidate.plural === plural);
  if (type === undefined || (subresource !== undefined && type !== pods)) return undefined;
  return { type, namespace, name: name && decodeURIComponent(name), subresource };
}

export function sendJson(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.end(`${JSON.stringify(body)}\n`);
}

function verbOf(method: string, name: string | undefined, watching: boolean): string | undefined {
  if (method === 'GET') return watching ? 'watch' : name === undefined ? 'list' : 'get';
  if (method === 'POST') return name === undefined ? 'create' : undefined;
  return { PATCH: 'patch', DELETE: 'delete' }[method];
}

function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource';
  return new StatusError(failure(405, message, { details: {} }));
}
