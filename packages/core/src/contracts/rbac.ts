/** Who gets permissions in a cluster. */
export interface RbacSubject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  /** Of a service account `name`, or `namespace/name` for one of another namespace. */
  readonly name: string;
}

export interface RbacOptions {
  /** Who is to have the permissions; nobody yet unless given. */
  readonly subjects?: readonly RbacSubject[] | undefined;
  /** Also what `doctor` reads, and builds do not. */
  readonly forDoctor?: boolean | undefined;
}
