/** What the tabs hold at first. */
export const EXAMPLES = [
  {
    query: `# Who am I? Sign in above,
# then press Ctrl-Enter.
query Me {
  me {
    id
    profile {
      name
      picture
      locale
    }
    account {
      username
      email
      groups
      status
    }
  }
}
`,
  },
  {
    query: `# A page of people:
# for admins and support.
query Users($first: Int) {
  users(first: $first) {
    nodes {
      id
      profile {
        name
        picture
        stale
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
`,
    variables: '{\n  "first": 10\n}\n',
  },
  {
    query: `# People by part of a name, e-mail
# address, phone or user name:
# for admins and support.
query Search($filter: UserFilter) {
  users(
    first: 10
    filter: $filter
    orderBy: { field: NAME, direction: ASC }
  ) {
    nodes {
      id
      profile {
        name
      }
      account {
        email
        status
        lastSeenAt
      }
    }
    totalCount
  }
}
`,
    variables: '{\n  "filter": {\n    "search": "chen",\n    "enabled": true\n  }\n}\n',
  },
  {
    query: `# Who is asking, and with what:
# people and machine clients.
query Viewer {
  viewer {
    kind
    roles
    groups
    scopes
    clientId
    tokenExpiresAt
    user {
      id
    }
  }
}
`,
  },
  {
    query: `# People change themselves at
# the pool, with their own
# token; null removes a value.
mutation UpdateMyProfile($input: UpdateMyProfileInput!) {
  updateMyProfile(input: $input) {
    user {
      profile {
        name
        nickname
        syncedAt
      }
    }
    pendingVerifications {
      attribute
      destination
      medium
    }
  }
}
`,
    variables: '{\n  "input": {\n    "nickname": "Sandy"\n  }\n}\n',
  },
  {
    query: `# For admins. Put a person's id
# in the variables below; the
# tab Users has some.
mutation DisableUser($input: DisableUserInput!) {
  disableUser(input: $input) {
    user {
      id
      account {
        username
        enabled
      }
    }
  }
}
`,
    variables: '{\n  "input": {\n    "id": "",\n    "reason": "Tried in the sandbox"\n  }\n}\n',
  },
  {
    query: `# What was done to people:
# for admins and support.
query AuditLog {
  auditLog(first: 10) {
    nodes {
      createdAt
      action
      outcome
      reason
      actor {
        profile {
          name
        }
      }
      target {
        id
      }
    }
  }
}
`,
  },
];
