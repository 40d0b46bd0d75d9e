export interface PoolGroup {
  readonly name: string;
  readonly description: string | null;
  /** The lower, the more it counts where groups name IAM roles. */
  readonly precedence: number | null;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

/** Absent parts stay as they are, or are not there. */
export interface GroupSettings {
  readonly description?: string;
  readonly precedence?: number;
}

export interface Invitation {
  readonly username: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Whether the pool tells the person. */
  readonly message: 'EMAIL' | 'SMS' | 'NONE';
}

/** A user as the pool made them. */
export interface InvitedUser {
  readonly subject: string;
  readonly username: string;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

/**
 * What administrators do at a pool. Each change answers with the pool's clock, in whole seconds. Besides what
 * every call throws: `PoolRefusalError` where the pool does not take it, `PoolGroupNotFoundError`.
 */
export interface PoolAdmin {
  /** AdminCreateUser. */
  invite(invitation: Invitation): Promise<InvitedUser>;
  /** AdminCreateUser with RESEND. */
  resendInvitation(username: string): Promise<Date>;
  /** AdminUpdateUserAttributes; an empty value removes an attribute. */
  updateAttributes(username: string, attributes: Readonly<Record<string, string>>): Promise<Date>;
  /** AdminResetUserPassword: the pool sends a code. */
  resetPassword(username: string): Promise<Date>;
  /** AdminSetUserPassword, to be changed at the next sign-in. */
  setTemporaryPassword(username: string, password: string): Promise<Date>;
  /** AdminDeleteUser. */
  remove(username: string): Promise<Date>;
  /** AdminAddUserToGroup; whoever is in it already stays. */
  addToGroup(username: string, group: string): Promise<Date>;
  /** AdminRemoveUserFromGroup; whoever is not in it stays out. */
  removeFromGroup(username: string, group: string): Promise<Date>;
  /** GetGroup. */
  group(name: string): Promise<PoolGroup>;
  /** ListGroups, all pages. */
  groups(): Promise<PoolGroup[]>;
  createGroup(name: string, settings: GroupSettings): Promise<Date>;
  updateGroup(name: string, settings: GroupSettings): Promise<Date>;
  deleteGroup(name: string): Promise<Date>;
}
