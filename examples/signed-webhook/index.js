// Counts the commits of a push. Runs behind the verification: what arrives here was signed by GitHub.
exports.handler = async (event) => {
  const { ref, commits } = JSON.parse(event.body);
  console.log(`${commits.length} commits on ${ref}`);
  return { branch: ref.replace('refs/heads/', ''), commits: commits.length };
};
