// Lab runs a command when something is clicked that has the attribute
// data-commandlinker-command, and before release 4.5.7 its sanitizer lets that
// attribute through: one click on a button in a notebook that somebody sent
// runs code, though nobody trusts the notebook. No setting of these releases
// turns it off. So this extension lets the click through only where Lab itself
// has made the link: the links between notebooks are made that way.
//
// It is written by hand in the form that Lab loads (a container of webpack's
// module federation), so that nothing has to be built.
(() => {
  const plugin = {
    id: 'stepwise-links:plugin',
    description: 'Runs a command on a click only where Lab itself has linked it.',
    autoStart: true,
    activate: app => {
      const linker = app.commandLinker;
      const connect = linker.connectNode.bind(linker);
      const handle = linker.handleEvent.bind(linker);
      const own = new WeakSet();
      linker.connectNode = (node, command, args) => {
        own.add(node);
        return connect(node, command, args);
      };
      // Lab takes the innermost element with the attribute; so does this. Where
      // it is a stranger inside a link of Lab's, the link isn't followed either.
      linker.handleEvent = event => {
        const node = event.target.closest('[data-commandlinker-command]');
        if (own.has(node)) {
          handle(event);
        } else if (node) {
          event.preventDefault();
        }
      };
    }
  };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['stepwise-links'] = {
    init: () => {},
    get: async () => () => plugin
  };
})();
