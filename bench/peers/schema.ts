/** The part of Lifeguard's graph that is measured, for the peers that begin with SDL. */
export const typeDefs = /* GraphQL */ `
  type Query {
    me: User!
    users(first: Int!): UserConnection!
  }
  type UserConnection {
    nodes: [User!]!
  }
  type User {
    id: ID!
    profile: Profile!
  }
  type Profile {
    name: String
    picture: String
  }
`;
