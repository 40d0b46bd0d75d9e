import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import type { Context } from '../../request/context.js';
import { exportData } from './export-data.js';

@InputType()
class ExportMyDataInput {
  @Field(() => String, {
    nullable: true,
    description: 'The `next` of the part before, within an hour of the first one.',
  })
  after?: string | null;
}

@ObjectType()
class ExportMyDataPayload {
  @Field(() => GraphQLJSONObject, {
    description:
      '`formatVersion`, `exportedAt`, `part`, `userId`, `accounts` (first part) and `tables`: rows by table and column. `docs/privacy.md` describes it.',
  })
  readonly data!: object;

  @Field(() => String, {
    nullable: true,
    description: 'Where the export goes on; null at its end.',
  })
  readonly next!: string | undefined;
}

@Resolver()
export class MyDataResolver {
  @Authorized()
  @Mutation(() => ExportMyDataPayload, {
    description:
      'Everything that is held on the viewer, with their accounts as the pools have them now, in parts of at most 5000 rows. Five times a day; the audit log tells of it.',
  })
  exportMyData(
    @Arg('input', () => ExportMyDataInput, { nullable: true })
    input: ExportMyDataInput | null | undefined,
    @Ctx() context: Context,
  ): Promise<ExportMyDataPayload> {
    return exportData(context, input?.after);
  }
}
