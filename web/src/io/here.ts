// Where the browser stands now.

import { routeOf, type Route } from '../core/route';

export const here = (): Route => routeOf(location.pathname, location.hash);
