/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query People($first: Int, $after: String, $last: Int, $before: String) {\n  users(\n    first: $first\n    after: $after\n    last: $last\n    before: $before\n    orderBy: {field: NAME}\n  ) {\n    nodes {\n      id\n      profile {\n        name\n        nickname\n        picture\n        stale\n      }\n    }\n    pageInfo {\n      startCursor\n      endCursor\n      hasNextPage\n      hasPreviousPage\n    }\n  }\n}": typeof types.PeopleDocument,
    "fragment MyProfile on User {\n  id\n  profile {\n    name\n    givenName\n    familyName\n    nickname\n    picture\n    locale\n    zoneinfo\n    website\n    stale\n  }\n  account {\n    email\n    emailVerified\n  }\n}\n\nquery MyProfile {\n  me {\n    ...MyProfile\n  }\n}\n\nmutation UpdateMyProfile($input: UpdateMyProfileInput!) {\n  updateMyProfile(input: $input) {\n    user {\n      ...MyProfile\n    }\n    pendingVerifications {\n      attribute\n      destination\n    }\n  }\n}": typeof types.MyProfileFragmentDoc,
    "query Sessions {\n  viewer {\n    sessions {\n      id\n      current\n      userAgent\n      network\n      lastSeenAt\n      endedAt\n    }\n  }\n}\n\nmutation EndSession($input: EndSessionInput!) {\n  endSession(input: $input) {\n    session {\n      id\n      endedAt\n    }\n  }\n}\n\nmutation SignOutEverywhere {\n  signOutEverywhere {\n    user {\n      id\n    }\n  }\n}": typeof types.SessionsDocument,
    "query Viewer {\n  viewer {\n    roles\n    user {\n      id\n      profile {\n        name\n        picture\n      }\n    }\n  }\n}\n\nmutation SignOut {\n  signOut {\n    session {\n      id\n      endedAt\n    }\n  }\n}": typeof types.ViewerDocument,
};
const documents: Documents = {
    "query People($first: Int, $after: String, $last: Int, $before: String) {\n  users(\n    first: $first\n    after: $after\n    last: $last\n    before: $before\n    orderBy: {field: NAME}\n  ) {\n    nodes {\n      id\n      profile {\n        name\n        nickname\n        picture\n        stale\n      }\n    }\n    pageInfo {\n      startCursor\n      endCursor\n      hasNextPage\n      hasPreviousPage\n    }\n  }\n}": types.PeopleDocument,
    "fragment MyProfile on User {\n  id\n  profile {\n    name\n    givenName\n    familyName\n    nickname\n    picture\n    locale\n    zoneinfo\n    website\n    stale\n  }\n  account {\n    email\n    emailVerified\n  }\n}\n\nquery MyProfile {\n  me {\n    ...MyProfile\n  }\n}\n\nmutation UpdateMyProfile($input: UpdateMyProfileInput!) {\n  updateMyProfile(input: $input) {\n    user {\n      ...MyProfile\n    }\n    pendingVerifications {\n      attribute\n      destination\n    }\n  }\n}": types.MyProfileFragmentDoc,
    "query Sessions {\n  viewer {\n    sessions {\n      id\n      current\n      userAgent\n      network\n      lastSeenAt\n      endedAt\n    }\n  }\n}\n\nmutation EndSession($input: EndSessionInput!) {\n  endSession(input: $input) {\n    session {\n      id\n      endedAt\n    }\n  }\n}\n\nmutation SignOutEverywhere {\n  signOutEverywhere {\n    user {\n      id\n    }\n  }\n}": types.SessionsDocument,
    "query Viewer {\n  viewer {\n    roles\n    user {\n      id\n      profile {\n        name\n        picture\n      }\n    }\n  }\n}\n\nmutation SignOut {\n  signOut {\n    session {\n      id\n      endedAt\n    }\n  }\n}": types.ViewerDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query People($first: Int, $after: String, $last: Int, $before: String) {\n  users(\n    first: $first\n    after: $after\n    last: $last\n    before: $before\n    orderBy: {field: NAME}\n  ) {\n    nodes {\n      id\n      profile {\n        name\n        nickname\n        picture\n        stale\n      }\n    }\n    pageInfo {\n      startCursor\n      endCursor\n      hasNextPage\n      hasPreviousPage\n    }\n  }\n}"): (typeof documents)["query People($first: Int, $after: String, $last: Int, $before: String) {\n  users(\n    first: $first\n    after: $after\n    last: $last\n    before: $before\n    orderBy: {field: NAME}\n  ) {\n    nodes {\n      id\n      profile {\n        name\n        nickname\n        picture\n        stale\n      }\n    }\n    pageInfo {\n      startCursor\n      endCursor\n      hasNextPage\n      hasPreviousPage\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment MyProfile on User {\n  id\n  profile {\n    name\n    givenName\n    familyName\n    nickname\n    picture\n    locale\n    zoneinfo\n    website\n    stale\n  }\n  account {\n    email\n    emailVerified\n  }\n}\n\nquery MyProfile {\n  me {\n    ...MyProfile\n  }\n}\n\nmutation UpdateMyProfile($input: UpdateMyProfileInput!) {\n  updateMyProfile(input: $input) {\n    user {\n      ...MyProfile\n    }\n    pendingVerifications {\n      attribute\n      destination\n    }\n  }\n}"): (typeof documents)["fragment MyProfile on User {\n  id\n  profile {\n    name\n    givenName\n    familyName\n    nickname\n    picture\n    locale\n    zoneinfo\n    website\n    stale\n  }\n  account {\n    email\n    emailVerified\n  }\n}\n\nquery MyProfile {\n  me {\n    ...MyProfile\n  }\n}\n\nmutation UpdateMyProfile($input: UpdateMyProfileInput!) {\n  updateMyProfile(input: $input) {\n    user {\n      ...MyProfile\n    }\n    pendingVerifications {\n      attribute\n      destination\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Sessions {\n  viewer {\n    sessions {\n      id\n      current\n      userAgent\n      network\n      lastSeenAt\n      endedAt\n    }\n  }\n}\n\nmutation EndSession($input: EndSessionInput!) {\n  endSession(input: $input) {\n    session {\n      id\n      endedAt\n    }\n  }\n}\n\nmutation SignOutEverywhere {\n  signOutEverywhere {\n    user {\n      id\n    }\n  }\n}"): (typeof documents)["query Sessions {\n  viewer {\n    sessions {\n      id\n      current\n      userAgent\n      network\n      lastSeenAt\n      endedAt\n    }\n  }\n}\n\nmutation EndSession($input: EndSessionInput!) {\n  endSession(input: $input) {\n    session {\n      id\n      endedAt\n    }\n  }\n}\n\nmutation SignOutEverywhere {\n  signOutEverywhere {\n    user {\n      id\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Viewer {\n  viewer {\n    roles\n    user {\n      id\n      profile {\n        name\n        picture\n      }\n    }\n  }\n}\n\nmutation SignOut {\n  signOut {\n    session {\n      id\n      endedAt\n    }\n  }\n}"): (typeof documents)["query Viewer {\n  viewer {\n    roles\n    user {\n      id\n      profile {\n        name\n        picture\n      }\n    }\n  }\n}\n\nmutation SignOut {\n  signOut {\n    session {\n      id\n      endedAt\n    }\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;