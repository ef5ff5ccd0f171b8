import { expect } from 'chai';
import { lastValueFrom, type Observable } from 'rxjs';
import { FrAct, rtAddr, rtLink, rtNeigh, rtRoute, rtRule, IfinfoFlags, NudState } from '../../../lib/families/index.js';
