// What the container has to say when it starts, such as that there is a newer
// course, is printed into its log, which a learner never sees. The server's
// configuration puts the same lines into Lab's page (stepwiseNotices), and this
// extension shows each of them once the page is there. It stays until it is closed.
//
// Like stepwise-links, it is written by hand in the form that Lab loads.
(() => {
  const plugin = {
    id: 'stepwise-notices:plugin',
    description: 'Shows what the container has to say.',
    autoStart: true,
    activate: app => {
      const config = JSON.parse(document.getElementById('jupyter-config-data').textContent);
      // Lab is restored only once all extensions have been activated: don't wait here.
      app.restored.then(() => {
        for (const message of config.stepwiseNotices || []) {
          app.commands.execute('apputils:notify', { message, type: 'info', options: { autoClose: false } });
        }
      });
    }
  };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['stepwise-notices'] = {
    init: () => {},
    get: async () => () => plugin
  };
})();
