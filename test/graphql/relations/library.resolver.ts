import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Int,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { User } from '../../../src/directory/index.js';
import {
  type Connection,
  connectionOf,
  keysetPage,
  PageArgs,
} from '../../../src/graphql/pagination/index.js';
import { loadMany, loadOne, relatedPage } from '../../../src/graphql/relations/index.js';
import type { Context } from '../../../src/request/context.js';
import type { Feature } from '../../../src/request/feature.js';
import { Book, Chapter, Shelf, Topic } from './library.js';

const ShelfConnection = connectionOf(Shelf, 'Shelf');
const TopicConnection = connectionOf(Topic, 'Topic');
const BookConnection = connectionOf(Book, 'Book');
const ChapterConnection = connectionOf(Chapter, 'Chapter');

const BY_ID = { by: 'id', direction: 'asc' } as const;

@InputType()
class BookOrder {
  @Field(() => String)
  by!: 'pages' | 'rating' | 'createdAt';

  @Field(() => String)
  direction!: 'asc' | 'desc';
}

@Resolver()
class LibraryResolver {
  @Query(() => ShelfConnection)
  shelves(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Shelf>> {
    return keysetPage(
      context,
      { entity: Shelf, where: {}, orderBy: { by: 'number', direction: 'asc' } },
      page,
    );
  }

  @Query(() => TopicConnection)
  topics(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Topic>> {
    return keysetPage(context, { entity: Topic, where: {}, orderBy: BY_ID }, page);
  }

  @Query(() => ChapterConnection)
  chapters(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Chapter>> {
    return keysetPage(context, { entity: Chapter, where: {}, orderBy: BY_ID }, page);
  }
}

@Resolver(() => Shelf)
class ShelfBooksResolver {
  @FieldResolver(() => BookConnection)
  books(
    @Root() parent: Shelf,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('orderBy', () => BookOrder, { nullable: true }) orderBy: BookOrder | null,
    @Arg('minPages', () => Int, { nullable: true }) minPages: number | null,
    @Ctx() context: Context,
  ): Promise<Connection<Book>> {
    const filter = minPages == null ? undefined : { pages: { $gte: minPages } };
    const list = { entity: Book, relation: 'shelf', parent, filter } as const;
    return relatedPage(context, { ...list, orderBy: orderBy ?? BY_ID }, page);
  }
}

@Resolver(() => Book)
class BookChaptersResolver {
  @FieldResolver(() => ChapterConnection)
  chapters(
    @Root() parent: Book,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Chapter>> {
    const list = { entity: Chapter, relation: 'book', parent, orderBy: BY_ID } as const;
    return relatedPage(context, list, page);
  }
}

/** What is worked out from what rows lead to. */
@Resolver(() => Chapter)
class ChapterFiguresResolver {
  @FieldResolver(() => Int, { nullable: true })
  async topicCount(@Root() { book }: Chapter): Promise<number | null> {
    const loaded = await loadOne(book);
    return loaded && (await loadMany(loaded.topics)).length;
  }
}

@Resolver(() => User)
class UserBooksResolver {
  @FieldResolver(() => BookConnection)
  books(
    @Root() parent: User,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Book>> {
    const list = { entity: Book, relation: 'reader', parent, orderBy: BY_ID } as const;
    return relatedPage(context, list, page);
  }
}

/** Shelves with books with chapters, and back again. */
export const library: Feature = {
  resolvers: [
    LibraryResolver,
    ShelfBooksResolver,
    BookChaptersResolver,
    ChapterFiguresResolver,
    UserBooksResolver,
  ],
  entities: [Shelf, Topic, Book, Chapter],
};
