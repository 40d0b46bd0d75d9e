#!/usr/bin/env node
import { loaded } from '../loaded.js';

await loaded('program', () => import('./program.js'));
