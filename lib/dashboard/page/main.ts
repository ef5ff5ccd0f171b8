import { Dashboard } from './dashboard.js';

new Dashboard().start();
