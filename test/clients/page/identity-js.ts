import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js';
import type { ClientPlace } from './place.js';

/** What an application makes of `amazon-cognito-identity-js`, with one user at a time. */
export class IdentityJs {
  #pool: CognitoUserPool | undefined;
  #user: CognitoUser | undefined;

  configure({ endpoint, poolId: UserPoolId, clientId: ClientId }: ClientPlace): void {
    this.#pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint });
  }

  async signUp(username: string, password: string, email: string) {
    const attributes = [new CognitoUserAttribute({ Name: 'email', Value: email })];
    const result = await called<{ user: CognitoUser; userConfirmed: boolean; userSub: string }>(
      (done) => this.#configured.signUp(username, password, attributes, [], done),
    );
    this.#user = result.user;
    return { sub: result.userSub, confirmed: result.userConfirmed };
  }

  confirm(code: string) {
    return called<string>((done) => this.#current.confirmRegistration(code, true, done));
  }

  resendCode() {
    return called((done) => this.#current.resendConfirmationCode(done));
  }

  signIn(Username: string, Password: string) {
    this.#user = new CognitoUser({ Username, Pool: this.#configured });
    return this.#signedIn((callbacks) =>
      this.#current.authenticateUser(new AuthenticationDetails({ Username, Password }), callbacks),
    );
  }

  completeNewPassword(password: string, attributes: Readonly<Record<string, string>>) {
    return this.#signedIn((callbacks) =>
      this.#current.completeNewPasswordChallenge(password, attributes, callbacks),
    );
  }

  /** As after a reload: whoever the storage knows. */
  async restore() {
    this.#user = this.#configured.getCurrentUser() ?? undefined;
    if (this.#user === undefined) return undefined;
    return tokensOf(await this.#session());
  }

  async refresh() {
    const token = (await this.#session()).getRefreshToken();
    return tokensOf(
      await called<CognitoUserSession>((done) => this.#current.refreshSession(token, done)),
    );
  }

  async attributes(): Promise<Record<string, string>> {
    const found = await called<CognitoUserAttribute[]>((done) =>
      this.#current.getUserAttributes(done),
    );
    return Object.fromEntries(found.map(({ Name, Value }) => [Name, Value]));
  }

  updateAttributes(attributes: Readonly<Record<string, string>>) {
    const named = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
    return called<string>((done) => this.#current.updateAttributes(named, done));
  }

  deleteAttributes(names: string[]) {
    return called<string>((done) => this.#current.deleteAttributes(names, done));
  }

  requestAttributeCode(name: string) {
    return answered((onSuccess, onFailure) =>
      this.#current.getAttributeVerificationCode(name, { onSuccess, onFailure }),
    );
  }

  verifyAttribute(name: string, code: string) {
    return answered((onSuccess, onFailure) =>
      this.#current.verifyAttribute(name, code, { onSuccess, onFailure }),
    );
  }

  changePassword(from: string, to: string) {
    return called<string>((done) => this.#current.changePassword(from, to, done));
  }

  forgotPassword(Username: string) {
    this.#user = new CognitoUser({ Username, Pool: this.#configured });
    return answered((onSuccess, onFailure) =>
      this.#current.forgotPassword({ onSuccess, onFailure }),
    );
  }

  confirmPassword(code: string, password: string) {
    return answered((onSuccess, onFailure) =>
      this.#current.confirmPassword(code, password, { onSuccess, onFailure }),
    );
  }

  /** Forgets the session here and revokes its refresh token. */
  signOut() {
    return new Promise<void>((resolve) => this.#current.signOut(resolve));
  }

  globalSignOut() {
    return answered((onSuccess, onFailure) =>
      this.#current.globalSignOut({ onSuccess, onFailure }),
    );
  }

  deleteUser() {
    return called<string>((done) => this.#current.deleteUser(done));
  }

  get #configured(): CognitoUserPool {
    if (this.#pool === undefined) throw new Error('Call configure() first.');
    return this.#pool;
  }

  get #current(): CognitoUser {
    if (this.#user === undefined) throw new Error('Nobody signed up or in.');
    return this.#user;
  }

  #session() {
    return new Promise<CognitoUserSession>((resolve, reject) =>
      this.#current.getSession((error: Error | null, session: CognitoUserSession | null) =>
        session === null ? reject(error) : resolve(session),
      ),
    );
  }

  #signedIn(
    begin: (callbacks: Parameters<CognitoUser['authenticateUser']>[1]) => void,
  ): Promise<SignedIn> {
    return new Promise((resolve, reject) =>
      begin({
        onSuccess: (session) => resolve(tokensOf(session)),
        onFailure: reject,
        newPasswordRequired: (userAttributes, requiredAttributes) =>
          resolve({ newPasswordRequired: { userAttributes, requiredAttributes } }),
      }),
    );
  }
}

interface SignedIn {
  readonly accessToken?: string;
  readonly idToken?: string;
  readonly refreshToken?: string;
  readonly newPasswordRequired?: {
    readonly userAttributes: Readonly<Record<string, string>>;
    readonly requiredAttributes: readonly string[];
  };
}

function tokensOf(session: CognitoUserSession) {
  return {
    accessToken: session.getAccessToken().getJwtToken(),
    idToken: session.getIdToken().getJwtToken(),
    refreshToken: session.getRefreshToken().getToken(),
  };
}

function called<T = unknown>(
  begin: (done: (error?: Error, result?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) =>
    // Without an error there is a result.
    begin((error, result) => (error ? reject(error) : resolve(result as T))),
  );
}

function answered(
  begin: (onSuccess: (result: unknown) => void, onFailure: (error: Error) => void) => void,
): Promise<unknown> {
  return new Promise(begin);
}
