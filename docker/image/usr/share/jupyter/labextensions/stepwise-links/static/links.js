// Lab runs a command when you click on an element with the attribute
// data-commandlinker-command. Before release 4.5.7 its sanitizer lets that
// attribute through, so one click on a button in a notebook that somebody sent
// runs code, even if you don't trust the notebook. No setting of these releases
// turns that off. This extension lets a click through only if Lab itself made the
// link, as it does for links between notebooks.
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
      // Like Lab, take the innermost element with the attribute. If that is a
      // stranger's inside a link of Lab's, the link isn't followed either.
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
