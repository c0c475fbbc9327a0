/** A person who signed in, or whose API token was given. */
export interface User {
  readonly id: string;
  readonly name: string;
}
