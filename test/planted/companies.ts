import { Collection, OptionalProps, type Ref } from '@mikro-orm/core';
import { Entity, ManyToMany, ManyToOne, OneToMany, Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { Members, Owner, Tenant } from '../../src/auth/authorized.js';
import { Role } from '../../src/auth/role.js';
import { BaseEntity, Node } from '../../src/database/base-entity.js';
import { User } from '../../src/directory/index.js';

const SHOWN = { implements: [Node, BaseEntity] };

/** Every entity has one, so that tests have something to ask for. Their rules are given by the test. */
@Entity({ abstract: true })
abstract class Tagged extends BaseEntity {
  @Field(() => String)
  @Property({ type: 'text' })
  tag!: string;
}

@ObjectType(SHOWN)
@Entity({ tableName: 'planted_cart' })
export class Cart extends Tagged {
  [OptionalProps]?: 'user';

  @Owner({ reassign: [Role.ADMIN] })
  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @OneToMany({ entity: () => Line, mappedBy: 'cart' })
  lines = new Collection<Line>(this);
}

/** A cart's, hence a person's. */
@ObjectType(SHOWN)
@Entity({ tableName: 'planted_line' })
export class Line extends Tagged {
  @Owner()
  @ManyToOne({ entity: () => Cart, ref: true, deleteRule: 'cascade' })
  cart!: Ref<Cart>;

  @OneToMany({ entity: () => Remark, mappedBy: 'line' })
  remarks = new Collection<Remark>(this);
}

@ObjectType(SHOWN)
@Entity({ tableName: 'planted_remark' })
export class Remark extends Tagged {
  @Owner()
  @ManyToOne({ entity: () => Line, ref: true, deleteRule: 'cascade' })
  line!: Ref<Line>;
}

@ObjectType(SHOWN)
@Entity({ tableName: 'planted_company' })
export class Company extends Tagged {
  @Members()
  @OneToMany({ entity: () => Employment, mappedBy: 'company' })
  employments = new Collection<Employment>(this);
}

@ObjectType(SHOWN)
@Entity({ tableName: 'planted_employment' })
export class Employment extends Tagged {
  @Tenant()
  @ManyToOne({ entity: () => Company, ref: true, deleteRule: 'cascade' })
  company!: Ref<Company>;

  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;
}

@ObjectType(SHOWN)
@Entity({ tableName: 'planted_project' })
export class Project extends Tagged {
  @Tenant()
  @ManyToOne({ entity: () => Company, ref: true, deleteRule: 'cascade' })
  company!: Ref<Company>;

  @OneToMany({ entity: () => Task, mappedBy: 'project' })
  tasks = new Collection<Task>(this);
}

/** A person's within a company. */
@ObjectType(SHOWN)
@Entity({ tableName: 'planted_task' })
export class Task extends Tagged {
  [OptionalProps]?: 'user';

  @Tenant()
  @ManyToOne({ entity: () => Project, ref: true, deleteRule: 'cascade' })
  project!: Ref<Project>;

  @Owner()
  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;
}

/** Its members stand in a table of their own. */
@ObjectType(SHOWN)
@Entity({ tableName: 'planted_club' })
export class Club extends Tagged {
  @Members()
  @ManyToMany({ entity: () => User, pivotTable: 'planted_club_member' })
  members = new Collection<User>(this);
}

export const companies = [Cart, Line, Remark, Company, Employment, Project, Task, Club];
