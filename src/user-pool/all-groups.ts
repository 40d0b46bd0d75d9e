import type { GroupType } from '@aws-sdk/client-cognito-identity-provider';

interface GroupPage {
  readonly Groups?: readonly GroupType[] | undefined;
  readonly NextToken?: string | undefined;
}

/** Part of a list's input: empty for the first page. */
type From = Pick<GroupPage, 'NextToken'>;

/** What a list of groups has, page after page (API reference, "ListGroups", "AdminListGroupsForUser"). */
export async function allGroups(page: (from: From) => Promise<GroupPage>): Promise<GroupType[]> {
  const groups: GroupType[] = [];
  let from: From | undefined = {};
  while (from !== undefined) {
    const { Groups = [], NextToken }: GroupPage = await page(from);
    groups.push(...Groups);
    from = NextToken === undefined ? undefined : { NextToken };
  }
  return groups;
}
