import DefaultTheme from 'vitepress/theme';
import './style.css';

/** The home page of the default theme has no main landmark. */
function markMain() {
  document.querySelector('#VPContent.is-home')?.setAttribute('role', 'main');
}

export default {
  extends: DefaultTheme,
  enhanceApp({ router }) {
    if (typeof document === 'undefined') return;
    router.onAfterRouteChange = () => requestAnimationFrame(markMain);
    addEventListener('load', markMain);
  },
};
